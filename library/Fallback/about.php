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
    'nextcloud-sip' => [
        'title' => 'The SIP bridge of Nextcloud Talk to Talk',
        'source' => 'nextcloud/spreed, lib/Service/ChecksumVerificationService.php and lib/Controller/RoomController.php',
        'payload' => 'the token of the conversation (for a direct dial-in the phone number), and not the body',
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
    'standard-webhooks' => [
        'title' => 'Standard Webhooks: OpenAI, GitLab and others',
        'source' => 'standard-webhooks/standard-webhooks, spec/standard-webhooks.md',
        'payload' => null,
    ],
    'svix' => [
        'title' => 'Svix: Clerk, Resend and others',
        'source' => 'svix/svix-docs, docs/receiving/verifying-payloads/how-manual.mdx',
        'payload' => null,
    ],
    'stripe' => [
        'title' => 'Stripe to a webhook',
        'source' => 'Stripe documentation, Verify webhook signatures manually; stripe/stripe-php, lib/WebhookSignature.php',
        'payload' => null,
    ],
    'github' => [
        'title' => 'GitHub to a webhook; also Meta and Gitea',
        'source' => 'GitHub documentation, Validating webhook deliveries',
        'payload' => null,
    ],
    'slack' => [
        'title' => 'Slack to an app',
        'source' => 'Slack documentation, Verifying requests from Slack',
        'payload' => null,
    ],
    'shopify' => [
        'title' => 'Shopify to a webhook',
        'source' => 'Shopify documentation, Verify webhook deliveries',
        'payload' => null,
    ],
    'paddle' => [
        'title' => 'Paddle Billing to a webhook',
        'source' => 'Paddle documentation, Verify webhook signatures; PaddleHQ/paddle-php-sdk, src/Notifications',
        'payload' => null,
    ],
    'line' => [
        'title' => 'The LINE platform to a bot',
        'source' => 'LINE Developers documentation, Verify webhook signature; line/line-bot-sdk-python, linebot/webhook.py',
        'payload' => null,
    ],
    'square' => [
        'title' => 'Square to a webhook',
        'source' => 'Square documentation on webhooks; square/square-python-sdk, src/square/utils/webhooks_helper.py',
        'payload' => null,
    ],
    'razorpay' => [
        'title' => 'Razorpay to a webhook',
        'source' => 'Razorpay documentation on webhooks; razorpay/razorpay-python, razorpay/utility/utility.py',
        'payload' => null,
    ],
];
