// Pictures that are pasted, or dropped anywhere, are handed to the page's own file input; requests are copied.

function give(files) {
  const input = document.getElementById('picture');
  if (!input || files.length === 0) return false;
  input.files = files;
  input.dispatchEvent(new Event('change', { bubbles: true }));
  return true;
}

document.addEventListener('paste', event => {
  if (give(event.clipboardData.files)) event.preventDefault();
});

document.addEventListener('dragover', event => event.preventDefault());

document.addEventListener('drop', event => {
  event.preventDefault();
  give(event.dataTransfer.files);
});

document.addEventListener('click', async event => {
  const button = event.target.closest('[data-copy]');
  if (!button) return;
  const text = document.getElementById(button.dataset.copy);
  try {
    await navigator.clipboard.writeText(text.textContent);
    button.textContent = 'Copied';
  } catch {
    // Without a secure context there is no clipboard: the text is marked, to be copied by hand.
    getSelection().selectAllChildren(text);
    button.textContent = 'Marked';
  }
});
