// After a form came back with errors, the reader starts at the summary of them.
document.querySelector("[data-focus]")?.focus();
