// What the chat says, in both languages.
export const TEXTS = {
  es: {
    title: "Chat", open: "Abrir el chat", close: "Cerrar el chat", placeholder: "Escribe tu mensaje…", send: "Enviar",
    message: "Tu mensaje", conversation: "Conversación", person: "Hablar con una persona", again: "Seguir con esta conversación",
    earlier: "Mensajes anteriores", welcome: "¡Hola! Pregúntanos lo que quieras.",
    connecting: "Conectando…", reconnecting: "Sin conexión. Volvemos a intentarlo…", refused: "El chat no está disponible ahora.",
    idle: "Contestamos en un momento", bot: (n) => `Hablas con ${n}, un asistente automático`,
    human: (n) => `Hablas con ${n}`, someone: "una persona del equipo", waiting: "Buscamos a una persona para ti…",
    position: (n) => `Esperas a una persona. Tu puesto: ${n}`, nobody: "Ahora mismo no hay nadie. Escríbenos: te contestaremos aquí.",
    opens: (when) => `Ahora mismo no hay nadie. Volvemos el ${when}; escríbenos y te contestaremos aquí.`,
    closed: "Conversación terminada", typing: (n) => `${n} está escribiendo…`, writes: "escribiendo…", sending: "Enviando…", failed: "No se ha enviado",
    rate: "¿Cómo te hemos atendido?", score: (n) => `${n} de 5`, worst: "Mal", best: "Muy bien", thanks: "Gracias por tu opinión.",
    read: "Leído", you: "Tú", automatic: "automático", newChat: "Nueva conversación",
    errors: { rate_limited: "demasiado deprisa", too_large: "es demasiado largo", conflict: "ya se envió otro texto" },
  },
  en: {
    title: "Chat", open: "Open the chat", close: "Close the chat", placeholder: "Write your message…", send: "Send",
    message: "Your message", conversation: "Conversation", person: "Talk to a person", again: "Go on with this conversation",
    earlier: "Earlier messages", welcome: "Hello! Ask us anything.",
    connecting: "Connecting…", reconnecting: "No connection. Trying again…", refused: "The chat is not available right now.",
    idle: "We answer in a moment", bot: (n) => `You are talking to ${n}, an automatic assistant`,
    human: (n) => `You are talking to ${n}`, someone: "one of the team", waiting: "Looking for a person for you…",
    position: (n) => `Waiting for a person. Your place: ${n}`, nobody: "Nobody is here right now. Write to us: the answer will be here.",
    opens: (when) => `Nobody is here right now. We are back on ${when}; write to us and the answer will be here.`,
    closed: "Conversation closed", typing: (n) => `${n} is writing…`, writes: "writing…", sending: "Sending…", failed: "Not sent",
    rate: "How did we do?", score: (n) => `${n} out of 5`, worst: "Badly", best: "Very well", thanks: "Thank you for telling us.",
    read: "Read", you: "You", automatic: "automatic", newChat: "New conversation",
    errors: { rate_limited: "too fast", too_large: "it is too long", conflict: "another text was sent" },
  },
};

export const texts = () => TEXTS[document.documentElement.lang] ?? TEXTS.en;
