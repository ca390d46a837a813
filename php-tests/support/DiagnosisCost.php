<?php

declare(strict_types=1);

namespace HwSignature\Tests\Support;

/**
 * What a diagnosis takes, measured in a process of its own.
 */
final class DiagnosisCost
{
    public readonly string $verdict;
    public readonly int $digests;
    public readonly int $bytes;
    public readonly bool $exhausted;
    /** Highest resident memory of the process, in bytes, beyond what it had before the diagnosis. */
    public readonly int $memory;

    /** @param string $arguments PHP code: the arguments of hw_diagnose() */
    public function __construct(string $arguments)
    {
        $child = ChildPhp::run(<<<PHP
            <?php
            ini_set('memory_limit', '512M');
            \$peak = static fn (): int => (int) substr(strstr(file_get_contents('/proc/self/status'), 'VmHWM:'), 6) * 1024;
            \$random = static function (int \$length): string {
                mt_srand(1);
                for (\$text = ''; strlen(\$text) < \$length;) {
                    \$text .= pack('N', mt_rand());
                }
                return substr(\$text, 0, \$length);
            };
            \$arguments = $arguments;
            file_put_contents('/proc/self/clear_refs', '5');
            \$before = \$peak();
            \$d = hw_diagnose(...\$arguments);
            echo json_encode([
                'verdict' => \$d->verdict,
                'digests' => \$d->digestsComputed,
                'bytes' => \$d->bytesHashed,
                'exhausted' => \$d->exhausted,
                'memory' => \$peak() - \$before,
            ]);
            PHP);
        if ($child->exitCode !== 0 || $child->errors !== '') {
            throw new \RuntimeException("exit code $child->exitCode: $child->output$child->errors");
        }
        foreach (json_decode($child->output, true, flags: JSON_THROW_ON_ERROR) as $name => $value) {
            $this->$name = $value;
        }
    }
}
