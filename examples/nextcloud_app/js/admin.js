'use strict';

(() => {
    const form = document.getElementById('signed-backend');
    const output = form.querySelector('output');

    const call = async (method, url, data) => {
        output.textContent = '…';
        try {
            const answer = await fetch(url, {
                method,
                headers: { 'Content-Type': 'application/json', requesttoken: document.head.dataset.requesttoken },
                body: JSON.stringify(data),
            });
            const json = await answer.json();
            output.textContent = json.message;
            return answer.ok ? json : null;
        } catch (error) {
            output.textContent = `Nextcloud did not answer: ${error.message}`;
            return null;
        }
    };

    form.addEventListener('submit', async (event) => {
        event.preventDefault();
        const { backend, keyId, key, publicUrl } = Object.fromEntries(new FormData(form));
        const saved = await call('PUT', form.dataset.updateUrl, { backend, keyId, key, publicUrl });
        if (saved) {
            form.querySelector('code').textContent = saved.webhook;
            form.querySelector('.warning')?.remove();
            form.elements.key.value = '';
            form.elements.key.required = false;
        }
    });

    form.elements.test.addEventListener('click', () => {
        call('POST', form.dataset.testUrl, { target: form.elements.target.value });
    });
})();
