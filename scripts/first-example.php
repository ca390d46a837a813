<?php

// Runs the first example of the README in the PHP that reads this, and fails when it prints something else than the
// README says.

declare(strict_types=1);

$readme = (string) file_get_contents(__DIR__ . '/../README.md');
preg_match('/^```php\n(.*?)^```$\s+^```text\n(.*?)^```$/ms', $readme, $example) === 1 || exit("README.md has no example.\n");
ob_start();
(static function (string $code): void {
    eval($code);
})($example[1]);
$printed = (string) ob_get_clean();
echo $printed;
if ($printed !== $example[2]) {
    fwrite(STDERR, "README.md says:\n$example[2]");
    exit(1);
}
