<?php

/** @var array<string, mixed> $_ what Settings\Admin passes; p() escapes */

declare(strict_types=1);
?>
<form id="signed-backend" class="section" data-update-url="<?php p($_['updateUrl']); ?>" data-test-url="<?php p($_['testUrl']); ?>">
    <h2>Signed backend</h2>
    <?php if ($_['problem'] !== null) { ?>
        <p class="warning"><?php p($_['problem']); ?></p>
    <?php } ?>
    <p>
        <label for="signed-backend-backend">Address of the backend</label><br>
        <input id="signed-backend-backend" name="backend" type="url" required placeholder="https://backend.example"
               value="<?php p($_['backend']); ?>">
    </p>
    <p>
        <label for="signed-backend-key-id">Client ID</label><br>
        <input id="signed-backend-key-id" name="keyId" required value="<?php p($_['keyId']); ?>">
    </p>
    <p>
        <label for="signed-backend-key">Key, in base64</label><br>
        <input id="signed-backend-key" name="key" type="password" autocomplete="off"
            <?php if ($_['hasKey']) { ?>placeholder="stored; leave empty to keep it"<?php } else { ?>required<?php } ?>>
    </p>
    <p>
        <label for="signed-backend-public-url">Public address of the webhook, if a proxy makes it another one</label><br>
        <input id="signed-backend-public-url" name="publicUrl" type="url" value="<?php p($_['publicUrl']); ?>">
    </p>
    <p>The backend calls, and signs, <code><?php p($_['webhookUrl']); ?></code></p>
    <p><button type="submit" class="primary">Save</button></p>
    <p>
        <label for="signed-backend-target">A path of the backend that needs a signature</label><br>
        <input id="signed-backend-target" name="target" value="/">
        <button type="button" name="test">Send a signed GET</button>
    </p>
    <p><output></output></p>
</form>
