"""A bot in Python. pip install python-socketio aiohttp; python bot.py http://127.0.0.1:3000 API_KEY"""

import asyncio
import sys

import socketio

url, key = sys.argv[1:3]
bot = socketio.AsyncClient()


@bot.on("chat:created")
async def greet(chat):
    if chat["status"] == "bot":
        await bot.emit("message:send", {"chatId": chat["chatId"], "content": "Hello, I am a bot.", "type": "ai-response"})


@bot.on("message:new")
async def answer(message):
    if message["sender"]["role"] != "visitor" or message["chat"]["assignedTo"] is not None:
        return
    chat, text = message["chatId"], message["content"].lower()
    if "person" in text or "human" in text:
        await bot.call("chat:escalate", {"chatId": chat, "reason": "the visitor asked for a person"})
    else:
        reply = {"chatId": chat, "content": f"You said: {text}", "type": "ai-response", "inReplyToSeq": message["seq"]}
        ack = await bot.call("message:send", reply)
        print("answered" if ack["ok"] else f"not answered: {ack['error']['code']}", flush=True)


async def main():
    await bot.connect(url, auth={"token": key})
    print("connected", flush=True)
    await bot.wait()


asyncio.run(main())
