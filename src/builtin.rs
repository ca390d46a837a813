//! The built-in profiles: one row per contract. Adding one means a row here and a file in `tests/vectors/`.

use std::sync::{Arc, LazyLock};

use crate::digest::Encoding;
use crate::profile::{About, Profile, Row};
use crate::timestamp::TimestampFormat;

const ROW: Row<'static> = Row { string_to_sign: "{nonce}{payload}", ..Row::EMPTY };

/// The id of a delivery: the specification has no grammar for it but that it has no dot, which ends it here.
const DELIVERY_ID: &str = "[A-Za-z0-9_:=+/@~-]{1,128}";

/// The table.
pub const ROWS: [Row<'static>; 20] = [
    // Huawei Push Kit, uplink messages (HMS Core references V5). The nonce is always ":".
    Row {
        name: "huawei-push",
        about: About {
            title: Some("Huawei Push Kit to an app server: uplink messages"),
            source: Some("HMS Core references V5, HTTPS uplink messages"),
            payload: None,
        },
        string_to_sign: "{timestamp}{nonce}{payload}",
        headers: &[
            ("X-HW-SIGNATURE", "timestamp={timestamp}; nonce={nonce}; value={signature}"),
            ("X-HW-TIMESTAMP", "{timestamp}"),
        ],
        encoding: Encoding::Base64,
        timestamp_format: Some(TimestampFormat::Milliseconds),
        nonce: Some(":"),
        ..ROW
    },
    // Huawei Push Kit, message receipts. The payload is the callback user name: the body is not signed.
    Row {
        name: "huawei-receipt",
        about: About {
            title: Some("Huawei Push Kit to an app server: message receipts"),
            source: Some("HMS Core documentation, message receipts of Push Kit"),
            payload: Some("the callback user name, and not the body"),
        },
        string_to_sign: "{timestamp}{nonce}{payload}",
        headers: &[("X-HUAWEI-CALLBACK-ID", "timestamp={timestamp}; nonce={nonce}; value={signature}")],
        encoding: Encoding::Base64,
        timestamp_format: Some(TimestampFormat::Milliseconds),
        nonce: Some("uuid"),
        ..ROW
    },
    // A Nextcloud app to its Django backend. That side hashes an empty body for GET, whatever came with it.
    Row {
        name: "nextcloud",
        about: About {
            title: Some("A Nextcloud app to its Django backend"),
            source: Some("rahim8050/weather-apis, docs/security/nextcloud-hmac.md"),
            payload: None,
        },
        string_to_sign: "{method}\n{path}\n{query}\n{timestamp}\n{nonce}\n{payload_sha256}",
        headers: &[
            ("X-NC-CLIENT-ID", "{key_id}"),
            ("X-NC-TIMESTAMP", "{timestamp}"),
            ("X-NC-NONCE", "{nonce}"),
            ("X-NC-SIGNATURE", "{signature}"),
        ],
        encoding: Encoding::Base64,
        timestamp_format: Some(TimestampFormat::Seconds),
        nonce: Some("[A-Za-z0-9._-]{8,128}"),
        methods_without_payload: &["GET", "HEAD"],
        ..ROW
    },
    // Nextcloud Talk, server to bot. The payload is the raw body.
    Row {
        name: "nextcloud-talk",
        about: About {
            title: Some("Nextcloud Talk to a bot"),
            source: Some("nextcloud/spreed, docs/bots.md"),
            payload: None,
        },
        headers: &[("X-Nextcloud-Talk-Random", "{nonce}"), ("X-Nextcloud-Talk-Signature", "{signature}")],
        nonce: Some("[A-Za-z0-9+/]{64}"),
        ..ROW
    },
    // Nextcloud Talk, bot to server. The payload is the message text, not the body.
    Row {
        name: "nextcloud-talk-bot",
        about: About {
            title: Some("A bot to Nextcloud Talk"),
            source: Some("nextcloud/spreed, docs/bots.md"),
            payload: Some(
                "the text of the message (or of the reaction), and not the body that carries it as JSON",
            ),
        },
        headers: &[
            ("X-Nextcloud-Talk-Bot-Random", "{nonce}"),
            ("X-Nextcloud-Talk-Bot-Signature", "{signature}"),
            ("OCS-APIRequest", "true"),
        ],
        nonce: Some("[A-Za-z0-9+/]{64}"),
        ..ROW
    },
    // Nextcloud Talk's signaling server. Nonces of any length directly before the payload: ambiguous on the wire.
    Row {
        name: "nextcloud-signaling",
        about: About {
            title: Some("The signaling server of Nextcloud Talk, and back"),
            source: Some("nextcloud/spreed, lib/Signaling; strukturag/nextcloud-spreed-signaling"),
            payload: None,
        },
        headers: &[("Spreed-Signaling-Random", "{nonce}"), ("Spreed-Signaling-Checksum", "{signature}")],
        nonce: Some("[A-Za-z0-9+/=_-]{32,128}"),
        ambiguous: true,
        ..ROW
    },
    // Nextcloud Talk's recording server. Ambiguous like signaling. A multipart upload signs the room token instead.
    Row {
        name: "nextcloud-recording",
        about: About {
            title: Some("The recording server of Nextcloud Talk, and back"),
            source: Some(
                "nextcloud/spreed, lib/Service/RecordingService.php; nextcloud/nextcloud-talk-recording",
            ),
            payload: None,
        },
        headers: &[("Talk-Recording-Random", "{nonce}"), ("Talk-Recording-Checksum", "{signature}")],
        nonce: Some("[A-Za-z0-9+/=_-]{32,128}"),
        ambiguous: true,
        ..ROW
    },
    // Nextcloud Talk's SIP bridge. Ambiguous like signaling. The token or the phone number is signed, not the body.
    Row {
        name: "nextcloud-sip",
        about: About {
            title: Some("The SIP bridge of Nextcloud Talk to Talk"),
            source: Some(
                "nextcloud/spreed, lib/Service/ChecksumVerificationService.php and lib/Controller/RoomController.php",
            ),
            payload: Some(
                "the token of the conversation (for a direct dial-in the phone number), and not the body",
            ),
        },
        headers: &[("Talk-SIPBridge-Random", "{nonce}"), ("Talk-SIPBridge-Checksum", "{signature}")],
        nonce: Some("[A-Za-z0-9+/=_-]{32,128}"),
        ambiguous: true,
        ..ROW
    },
    // The Django REST Framework mixin.
    Row {
        name: "django",
        about: About {
            title: Some(
                "A mixin for views of the Django REST Framework, from an article; Django itself has no such contract",
            ),
            source: Some("the article's mixin, whose rule is: hex of HMAC(timestamp \".\" body)"),
            payload: None,
        },
        string_to_sign: "{timestamp}.{payload}",
        headers: &[("X-HMAC-Timestamp", "{timestamp}"), ("X-HMAC-Signature", "{signature}")],
        timestamp_format: Some(TimestampFormat::Seconds),
        tolerance: Some(60),
        ..ROW
    },
    // Huawei Cloud APIG, AK/SK (documentation of API Gateway, "Signing Algorithm"; apig_sdk's backend sample for the
    // window). The list that is sent decides what is signed; a host and a date are the least.
    Row {
        name: "huawei-apig",
        about: About {
            title: Some("Huawei Cloud's API Gateway, AK/SK"),
            source: Some("Huawei Cloud, API signing algorithm"),
            payload: None,
        },
        string_to_sign: "SDK-HMAC-SHA256\n{timestamp}\n{canonical_request_sha256}",
        headers: &[
            ("X-Sdk-Date", "{timestamp}"),
            (
                "Authorization",
                "SDK-HMAC-SHA256 Access={key_id}, SignedHeaders={signed_headers}, Signature={signature}",
            ),
        ],
        timestamp_format: Some(TimestampFormat::Iso8601Basic),
        tolerance: Some(900),
        canonical_request: Some(
            "{method}\n{canonical_path}\n{canonical_query}\n{canonical_headers}\n{signed_headers}\n{payload_sha256}",
        ),
        signed_headers: &["host", "x-sdk-date"],
        ..ROW
    },
    // Standard Webhooks. The id names the delivery and stays when it is tried again.
    Row {
        name: "standard-webhooks",
        about: About {
            title: Some("Standard Webhooks: OpenAI, GitLab and others"),
            source: Some("standard-webhooks/standard-webhooks, spec/standard-webhooks.md"),
            payload: None,
        },
        string_to_sign: "{nonce}.{timestamp}.{payload}",
        headers: &[
            ("webhook-id", "{nonce}"),
            ("webhook-timestamp", "{timestamp}"),
            ("webhook-signature", "v1,{signature} ..."),
        ],
        encoding: Encoding::Base64,
        timestamp_format: Some(TimestampFormat::Seconds),
        nonce: Some(DELIVERY_ID),
        ..ROW
    },
    // Svix: Standard Webhooks under names of its own.
    Row {
        name: "svix",
        about: About {
            title: Some("Svix: Clerk, Resend and others"),
            source: Some("svix/svix-docs, docs/receiving/verifying-payloads/how-manual.mdx"),
            payload: None,
        },
        string_to_sign: "{nonce}.{timestamp}.{payload}",
        headers: &[
            ("svix-id", "{nonce}"),
            ("svix-timestamp", "{timestamp}"),
            ("svix-signature", "v1,{signature} ..."),
        ],
        encoding: Encoding::Base64,
        timestamp_format: Some(TimestampFormat::Seconds),
        nonce: Some(DELIVERY_ID),
        ..ROW
    },
    // Stripe. The key is the secret as text, its whsec_ included.
    Row {
        name: "stripe",
        about: About {
            title: Some("Stripe to a webhook"),
            source: Some(
                "Stripe documentation, Verify webhook signatures manually; stripe/stripe-php, lib/WebhookSignature.php",
            ),
            payload: None,
        },
        string_to_sign: "{timestamp}.{payload}",
        headers: &[("Stripe-Signature", "t={timestamp},v1={signature},...")],
        timestamp_format: Some(TimestampFormat::Seconds),
        ..ROW
    },
    // GitHub. Meta and Gitea write the same header.
    Row {
        name: "github",
        about: About {
            title: Some("GitHub to a webhook; also Meta and Gitea"),
            source: Some("GitHub documentation, Validating webhook deliveries"),
            payload: None,
        },
        string_to_sign: "{payload}",
        headers: &[("X-Hub-Signature-256", "sha256={signature}")],
        ..ROW
    },
    Row {
        name: "slack",
        about: About {
            title: Some("Slack to an app"),
            source: Some("Slack documentation, Verifying requests from Slack"),
            payload: None,
        },
        string_to_sign: "v0:{timestamp}:{payload}",
        headers: &[("X-Slack-Request-Timestamp", "{timestamp}"), ("X-Slack-Signature", "v0={signature}")],
        timestamp_format: Some(TimestampFormat::Seconds),
        ..ROW
    },
    Row {
        name: "shopify",
        about: About {
            title: Some("Shopify to a webhook"),
            source: Some("Shopify documentation, Verify webhook deliveries"),
            payload: None,
        },
        string_to_sign: "{payload}",
        headers: &[("X-Shopify-Hmac-Sha256", "{signature}")],
        encoding: Encoding::Base64,
        ..ROW
    },
    // Paddle Billing. Its libraries allow five seconds.
    Row {
        name: "paddle",
        about: About {
            title: Some("Paddle Billing to a webhook"),
            source: Some(
                "Paddle documentation, Verify webhook signatures; PaddleHQ/paddle-php-sdk, src/Notifications",
            ),
            payload: None,
        },
        string_to_sign: "{timestamp}:{payload}",
        headers: &[("Paddle-Signature", "ts={timestamp};h1={signature};...")],
        timestamp_format: Some(TimestampFormat::Seconds),
        tolerance: Some(5),
        ..ROW
    },
    Row {
        name: "line",
        about: About {
            title: Some("The LINE platform to a bot"),
            source: Some(
                "LINE Developers documentation, Verify webhook signature; line/line-bot-sdk-python, linebot/webhook.py",
            ),
            payload: None,
        },
        string_to_sign: "{payload}",
        headers: &[("x-line-signature", "{signature}")],
        encoding: Encoding::Base64,
        ..ROW
    },
    // Square. The URL is the one that is configured there, and the border between it and the payload is not signed.
    Row {
        name: "square",
        about: About {
            title: Some("Square to a webhook"),
            source: Some(
                "Square documentation on webhooks; square/square-python-sdk, src/square/utils/webhooks_helper.py",
            ),
            payload: None,
        },
        string_to_sign: "{url}{payload}",
        headers: &[("x-square-hmacsha256-signature", "{signature}")],
        encoding: Encoding::Base64,
        ambiguous: true,
        ..ROW
    },
    Row {
        name: "razorpay",
        about: About {
            title: Some("Razorpay to a webhook"),
            source: Some(
                "Razorpay documentation on webhooks; razorpay/razorpay-python, razorpay/utility/utility.py",
            ),
            payload: None,
        },
        string_to_sign: "{payload}",
        headers: &[("X-Razorpay-Signature", "{signature}")],
        ..ROW
    },
];

static PROFILES: LazyLock<Vec<Arc<Profile>>> = LazyLock::new(|| {
    // A test holds that every row passes its own check.
    ROWS.iter().filter_map(|row| Profile::new(row).ok()).map(Arc::new).collect()
});

impl Profile {
    /// The built-in profiles, in the order of the table.
    #[must_use]
    pub fn all() -> &'static [Arc<Self>] {
        &PROFILES
    }

    /// The built-in profile of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<&'static Arc<Self>> {
        Self::all().iter().find(|profile| profile.name() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_is_a_profile() {
        for row in &ROWS {
            let profile = Profile::new(row).unwrap_or_else(|error| panic!("{}: {error}", row.name));
            assert!(Profile::named(profile.name()).is_some());
        }
        assert_eq!(Profile::all().len(), ROWS.len());
    }

    #[test]
    fn only_what_is_ambiguous_on_the_wire_says_so() {
        for row in ROWS {
            let honest = Profile::new(&Row { ambiguous: false, ..row }).is_err();
            assert_eq!(honest, row.ambiguous, "{}", row.name);
        }
    }
}
