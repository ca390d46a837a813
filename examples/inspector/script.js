for (const button of document.querySelectorAll('button[data-action]')) {
  const target = document.getElementById(button.dataset.for);
  const label = button.textContent;
  button.hidden = false;
  button.addEventListener('click', async () => {
    if (button.dataset.action === 'show') {
      const shown = target.type === 'text';
      target.type = shown ? 'password' : 'text';
      button.setAttribute('aria-pressed', String(!shown));
    } else {
      await navigator.clipboard.writeText(target.textContent);
      button.textContent = 'Copied';
      setTimeout(() => { button.textContent = label; }, 2000);
    }
  });
}
document.querySelector('form').addEventListener('submit', () => { document.getElementById('key').type = 'password'; });
