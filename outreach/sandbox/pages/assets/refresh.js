// Reloads every three seconds, unless an answer is being written or a detail is open.
setInterval(() => {
  const writing = [...document.querySelectorAll("textarea, input[type=search]")].some(
    (field) => field.value !== field.defaultValue || field === document.activeElement,
  );
  if (!writing && !document.hidden && !document.querySelector("details[open]")) location.reload();
}, 3000);
