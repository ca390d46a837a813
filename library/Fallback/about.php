<?php

// Written by `make library-tables`: change the extension.

declare(strict_types=1);

return [
    'huawei-push' => [
        'title' => 'Huawei Push Kit to an app server: uplink messages',
        'source' => 'HMS Core references V5, HTTPS uplink messages',
        'payload' => null,
    ],
    'huawei-receipt' => [
        'title' => 'Huawei Push Kit to an app server: message receipts',
        'source' => 'HMS Core documentation, message receipts of Push Kit',
        'payload' => 'the callback user name, and not the body',
    ],
    'nextcloud' => [
        'title' => 'A Nextcloud app to its Django backend',
        'source' => 'rahim8050/weather-apis, docs/security/nextcloud-hmac.md',
        'payload' => null,
    ],
    'nextcloud-talk' => [
        'title' => 'Nextcloud Talk to a bot',
        'source' => 'nextcloud/spreed, docs/bots.md',
        'payload' => null,
    ],
    'nextcloud-talk-bot' => [
        'title' => 'A bot to Nextcloud Talk',
        'source' => 'nextcloud/spreed, docs/bots.md',
        'payload' => 'the text of the message (or of the reaction), and not the body that carries it as JSON',
    ],
    'nextcloud-signaling' => [
        'title' => 'The signaling server of Nextcloud Talk, and back',
        'source' => 'nextcloud/spreed, lib/Signaling; strukturag/nextcloud-spreed-signaling',
        'payload' => null,
    ],
    'nextcloud-recording' => [
        'title' => 'The recording server of Nextcloud Talk, and back',
        'source' => 'nextcloud/spreed, lib/Service/RecordingService.php; nextcloud/nextcloud-talk-recording',
        'payload' => null,
    ],
    'django' => [
        'title' => 'A mixin for views of the Django REST Framework, from an article; Django itself has no such contract',
        'source' => 'the article\'s mixin, whose rule is: hex of HMAC(timestamp "." body)',
        'payload' => null,
    ],
    'huawei-apig' => [
        'title' => 'Huawei Cloud\'s API Gateway, AK/SK',
        'source' => 'Huawei Cloud, API signing algorithm',
        'payload' => null,
    ],
];
