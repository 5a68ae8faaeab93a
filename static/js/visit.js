// An advisor's visit: the search of services starts from nothing after each choice, and a step being typed is not lost.
document.addEventListener("chosen", (event) => {
  if (!event.target.matches("[data-empties]")) return;
  setTimeout(() => (event.target.value = ""));
});

// Finishing with a half-typed step: the step is added first, and the press is asked for again.
document.addEventListener(
  "click",
  (event) => {
    if (!event.target.closest("[data-testid=visit-finish]")) return;
    const field = document.getElementById("step-what");
    if (!field?.value.trim()) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    field.form.requestSubmit();
  },
  true,
);
