-- In which language a chat is held is at first assumed, by the visitor's locale. While `language` is what was assumed, the
-- visitor's words may tell better; what they told, and what staff say, differs from this and stays. A node of the version
-- before writes `language` alone: that counts as said.
alter table chats add column assumed_language text;
