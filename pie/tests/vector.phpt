--TEST--
GitHub's published example, as a contract of one's own
--EXTENSIONS--
hw_signature
--FILE--
<?php
use HwSignature\{Encoding, Key, Profile, Signer};

$github = new Profile('github', '{payload}', ['X-Hub-Signature-256' => 'sha256={signature}'], Encoding::Hex);
$signer = new Signer($github, Key::fromBytes("It's a Secret to Everybody"));
print_r($signer->sign('Hello, World!'));
?>
--EXPECT--
Array
(
    [X-Hub-Signature-256] => sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17
)
