"use strict";
// What a page does better with scripts on. Everything works without.
document.addEventListener("DOMContentLoaded", () => {
  const summary = document.querySelector(".nhsuk-error-summary");
  if (summary) {
    summary.setAttribute("tabindex", "-1");
    summary.focus();
  }
  // A fault of a group, such as a date, leads to its first field.
  document.addEventListener("click", (event) => {
    const link = event.target.closest(".nhsuk-error-summary a[href^='#']");
    const group = link && document.getElementById(link.getAttribute("href").slice(1));
    const field = group && (group.matches("input, select, textarea") ? group : group.querySelector("input, select, textarea"));
    if (field) {
      event.preventDefault();
      field.focus();
      field.scrollIntoView({ block: "center" });
    }
  });
  // A form is sent once, however often its button is pressed.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || form.dataset.sent) {
      if (form.dataset.sent) event.preventDefault();
      return;
    }
    form.dataset.sent = "yes";
    window.setTimeout(() => delete form.dataset.sent, 4000);
  });
  for (const button of document.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }
});
