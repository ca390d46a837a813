<?php

/*
 * Writes docs/contracts.md: the table of the built-in profiles. With --check, says whether it is what would be written.
 */

declare(strict_types=1);

use HwSignature\Profile;

const PAGE = __DIR__ . '/../docs/contracts.md';
/** Where other people's libraries and the extension differ, as `make interop` measures it. */
const DIFFERENCES = __DIR__ . '/../interop/libraries/differences.json';

$contracts = array_map(
    static fn (string $name): array => json_decode(Profile::named($name)->toContract(), true, flags: JSON_THROW_ON_ERROR),
    Profile::names(),
);
$page = head() . implode("\n", array_map(section(...), $contracts)) . "\n" . leftOut();
if (in_array('--check', $argv, true)) {
    if (!is_file(PAGE) || file_get_contents(PAGE) !== $page) {
        fwrite(STDERR, "docs/contracts.md is stale: scripts/php scripts/contracts-page.php\n");
        exit(1);
    }
    exit;
}
file_put_contents(PAGE, $page);

function head(): string
{
    return <<<'MD'
        <!-- Written by scripts/contracts-page.php: change src/builtin.rs. -->
        # The contracts

        Every built-in profile: whose contract it is, where that is written down, and what is signed and sent. `Profile::named()`
        takes the name, `describe()` returns the row, and `contracts/NAME.json` has rules and vectors for the other side
        ([contracts as files](contracts-as-files.md)). `...` in a header says that the part in front of it may come several times, as
        it does while a secret is being changed.

        The key is the secret's text as it stands, `Key::fromBytes()`, also where it begins with `whsec_` (`stripe`) or `pdl_ntfset_`
        (`paddle`). With `standard-webhooks` and `svix` it is base64 behind `whsec_`: `Key::fromBase64()` takes that off.

        *Ambiguous* means that a nonce or a URL and the payload can trade bytes: whoever intercepts a request can move the border
        between them. Those providers define it like that; [SECURITY.md](../SECURITY.md) says what it costs.

        A contract without a timestamp has no freshness: without a [replay guard](replay-protection.md) a request is valid for ever.

        *Also takes* and *refuses* say where a library of other people reads otherwise than a profile does: what it accepts and we
        reject, and the reverse. Who moves from such a library to this one, or has it on the other side, may meet that. Huawei's
        SDKs and Nextcloud Talk differ too: see [Huawei Cloud](huawei-cloud.md#rules-that-surprise) and
        [other randoms](talk-bots.md#other-randoms).

        Contracts that are no built-in profile, such as Box, GitLab, Revolut, Twitch, Zendesk, Zoom and HubSpot, are
        [recipes](contract-recipes.md).


        MD;
}

/** @param array<string, mixed> $contract as the contract file has it */
function section(array $contract): string
{
    $lines = ["## `{$contract['name']}`", '', "{$contract['title']}. Source: {$contract['source']}.", '', '| | |', '|---|---|'];
    $lines[] = '| string to sign | ' . code($contract['string_to_sign']) . ' |';
    if (($contract['canonical_request'] ?? null) !== null) {
        $lines[] = '| canonical request | ' . code($contract['canonical_request']) . ' |';
        $lines[] = '| signed headers, at least | ' . code(implode(';', $contract['signed_headers'])) . ' |';
    }
    foreach ($contract['headers'] as $name => $template) {
        $lines[] = '| header | ' . code("$name: $template") . ' |';
    }
    $lines[] = "| digest | {$contract['encoding']} |";
    if ($contract['timestamp_format'] !== null) {
        $lines[] = "| timestamp | {$contract['timestamp_format']}, ±{$contract['tolerance']} s |";
    }
    if ($contract['nonce'] !== null) {
        $lines[] = '| nonce | ' . code($contract['nonce']) . ' |';
    }
    $lines[] = '| payload | ' . ($contract['payload'] ?? 'the body, byte for byte') . ' |';
    if ($contract['methods_without_payload'] !== []) {
        $lines[] = '| no payload with | ' . implode(', ', $contract['methods_without_payload']) . ' |';
    }
    if ($contract['ambiguous']) {
        $lines[] = '| note | ambiguous |';
    }
    $differences = json_decode((string) file_get_contents(DIFFERENCES), true, flags: JSON_THROW_ON_ERROR);
    foreach ($differences as ['peer' => $peer, 'profile' => $profile, 'laxer' => $laxer, 'stricter' => $stricter]) {
        [$library, $registry] = explode(' ', $peer);
        foreach ($profile === $contract['name'] ? ['also takes' => $laxer, 'refuses' => $stricter] : [] as $does => $what) {
            if ($what !== []) {
                $lines[] = '| ' . code($library) . " $registry $does | " . implode('; ', $what) . ' |';
            }
        }
    }
    return implode("\n", $lines) . "\n";
}

function code(string $text): string
{
    return '`' . str_replace("\n", '\n', $text) . '`';
}

function leftOut(): string
{
    return <<<'MD'
        ## What is left out

        | what | what to do instead |
        |---|---|
        | SHA-1 and MD5, in the digest or in a field | ask for the provider's HMAC-SHA-256 header; most send one beside it |
        | SHA-512 as the MAC | `hash_hmac()` and `hash_equals()` |
        | keys that depend on the day or the region (AWS SigV4, Huawei's V11) | derive the key with `hash_hkdf()` or as the provider says, and make a `Key` of it |
        | a signature in a form field, the query or the JSON itself | take it out, and put it into a header of a `Profile` of your own |
        | a hash of the body that the request brings along, `UNSIGNED-PAYLOAD` | nothing: any body would pass |
        | a URL of which some characters are decoded (HubSpot) | give `$target` in the provider's spelling: [a recipe](contract-recipes.md#hubspot) |

        MD;
}
