<?php

declare(strict_types=1);

namespace HwSignature\Tool;

/** The commands, their options, and what was given. */
final class Arguments
{
    private const COMMANDS = [
        'sign' => 'print the headers that sign a payload',
        'verify' => 'say whether a request is authentic and fresh',
        'diagnose' => 'say why a request is rejected, and what to change',
        'profiles' => 'list the contracts that are built in',
        'export' => 'print a contract as a file, for the other side',
        'check' => 'ask a receiver: good requests, and every forgery',
    ];

    /** Name => its value's name, the commands that take it, help. */
    private const OPTIONS = [
        'payload' => ['FILE', 'sign verify diagnose check', 'the same as the argument FILE'],
        'header' => ["'N: V'", 'verify diagnose check', 'or -H: a header of the request; may be repeated'],
        'request' => ['FILE', 'verify diagnose', 'a request: HTTP, curl -v, curl command, HAR, $_SERVER'],
        'url' => ['URL', 'check', 'of the receiver; no other address is called'],
        'profile' => ['NAME', 'sign verify diagnose', 'a contract (see profiles); default huawei-push'],
        'profile-file' => ['FILE', 'sign verify diagnose export', 'a contract of your own, as JSON'],
        'except' => ['NAME', 'check', 'a forgery that is none for this receiver; may be repeated'],
        'row' => [null, 'export', 'without rules and test vectors'],
        'key-file' => ['FILE', 'sign verify diagnose check', 'the bytes of FILE, including a line break at its end'],
        'key-env' => ['NAME', 'sign verify diagnose check', 'the key is the value of an environment variable'],
        'key-encoding' => ['ENC', 'sign verify diagnose check', 'how the key is written: raw (default), base64, hex'],
        'trim-key' => [null, 'sign verify diagnose check', 'take white space off both ends of the key first'],
        'key-id' => ['ID', 'sign verify diagnose check', 'the id of the key, where the profile sends one'],
        'method' => ['METHOD', 'sign verify diagnose check', 'of the request, where the contract signs it'],
        'target' => ['TARGET', 'sign verify diagnose', 'path and query, or a URL, where the contract signs it'],
        'nonce' => ['NONCE', 'sign', 'default: a random one'],
        'timestamp' => ['TIME', 'sign', "in the profile's unit; default: now"],
        'curl' => ['URL', 'sign', 'print a curl command that sends FILE to URL'],
        'now' => ['SECONDS', 'verify diagnose', 'the Unix time of the check; default: now'],
        'tolerance' => ['SECONDS', 'verify diagnose', "or any; default: the profile's own"],
        'json' => [null, 'sign verify diagnose profiles check', 'print JSON'],
        'help' => [null, 'sign verify diagnose profiles export check', 'print this'],
    ];

    /** What other tools call the same. */
    private const OTHER_NAMES = [
        'list' => 'profiles',
        '-H' => '--header', '-h' => '--help', '-X' => '--method', '--body' => '--payload', '--data' => '--payload', '-d' => '--payload', '--url' => '--target',
    ];
    /** The commands whose argument is no payload. */
    private const ARGUMENTS = ['profiles' => null, 'export' => 'PROFILE', 'check' => 'CONTRACT'];

    /** The options whose value must name something. */
    private const NAMES_SOMETHING = ['payload', 'request', 'profile-file', 'key-file', 'key-env'];
    private const MISSPELT_LETTERS = 2;

    private const KEY_ON_THE_COMMAND_LINE = 'A key is not taken from the command line, where every process on the machine '
        . 'can read it and the shell writes it into its history: use --key-file FILE or --key-env NAME.';

    public readonly string $command;
    /** @var array<string, string|true> */
    private array $options = [];
    /** @var list<string> */
    public array $headers = [];
    /** @var list<string> names of forgeries */
    public array $except = [];
    private ?string $file = null;

    /** @param list<string> $arguments */
    public function __construct(string $command, array $arguments)
    {
        $this->command = self::OTHER_NAMES[$command] ?? $command;
        if (!isset(self::COMMANDS[$this->command])) {
            $sentence = self::isKey($command) ? self::KEY_ON_THE_COMMAND_LINE : self::unknownCommand($command);
            throw new UsageError($sentence);
        }
        while (($argument = array_shift($arguments)) !== null) {
            if ($argument === '--') {
                array_map($this->addFile(...), $arguments);
                return;
            }
            if ($argument === '-' || !str_starts_with($argument, '-')) {
                $this->addFile($argument);
                continue;
            }
            [$option, $value] = explode('=', $argument, 2) + [1 => null];
            $isOwn = isset(self::OPTIONS[substr($option, 2)]) && $this->takes(substr($option, 2));
            $this->add($isOwn ? $option : self::OTHER_NAMES[$option] ?? $option, $value, $arguments);
        }
    }

    /** @param list<string> $following where the value is, unless it came with the option */
    private function add(string $option, ?string $value, array &$following): void
    {
        $name = str_starts_with($option, '--') ? substr($option, 2) : '';
        [$placeholder, $commands] = self::OPTIONS[$name] ?? [null, ''];
        if (!$this->takes($name)) {
            throw new UsageError($this->unknownOption($option, $commands));
        }
        if ($placeholder === null) {
            $this->options[$name] = $value === null ? true : throw new UsageError("$option takes no value.");
            return;
        }
        $value ??= array_shift($following) ?? throw new UsageError("$option needs a value.");
        if ($value === '' && in_array($name, self::NAMES_SOMETHING, true)) {
            throw new UsageError("$option names no " . ($placeholder === 'FILE' ? 'file.' : 'environment variable.'));
        }
        if ($name === 'header') {
            $this->headers[] = $value;
        } elseif ($name === 'except') {
            $this->except[] = $value;
        } elseif (isset($this->options[$name])) {
            throw new UsageError("$option is there twice.");
        } else {
            $this->options[$name] = $value;
        }
    }

    private function takes(string $option): bool
    {
        return in_array($this->command, explode(' ', self::OPTIONS[$option][1] ?? ''), true);
    }

    private function addFile(string $file): void
    {
        $what = array_key_exists($this->command, self::ARGUMENTS) ? self::ARGUMENTS[$this->command] : 'FILE';
        if ($what === null || $this->file !== null) {
            throw new UsageError("$this->command takes " . ($this->file === null ? 'no file.' : 'one ' . strtolower($what) . '.'));
        }
        $this->file = $file !== '' ? $file : throw new UsageError("The argument $what is empty and names " . ($what === 'FILE' ? 'no file.' : 'nothing.'));
    }

    private static function unknownCommand(string $command): string
    {
        $isOption = str_starts_with($command, '-');
        $what = $isOption ? 'A command comes before the options.' : "Unknown command \"$command\".";
        $nearest = self::nearest($command, array_keys(self::COMMANDS));
        $what .= $nearest === null ? '' : " Did you mean $nearest?";
        return "$what Commands: " . implode(', ', array_keys(self::COMMANDS)) . '.';
    }

    /** @param string $commands those that have the option */
    private function unknownOption(string $option, string $commands): string
    {
        $sentence = "$this->command has no option $option";
        if ($commands !== '') {
            $have = str_contains($commands, ' ') ? 'have' : 'has';
            return "$sentence; " . strtr($commands, [' ' => ' and ']) . " $have.";
        }
        $mine = array_filter(self::OPTIONS, fn(array $row): bool => in_array($this->command, explode(' ', $row[1]), true));
        $nearest = self::nearest($option, array_map(static fn(string $name): string => "--$name", array_keys($mine)));
        return match (true) {
            $nearest !== null => "$sentence. Did you mean $nearest? \"$this->command --help\" lists them all.",
            self::isKey($option) => self::KEY_ON_THE_COMMAND_LINE,
            default => "$sentence; \"$this->command --help\" lists those that it has.",
        };
    }

    /** Whether somebody wanted to give a key here: then what was typed is not to be repeated. */
    private static function isKey(string $argument): bool
    {
        $name = ltrim($argument, '-');
        return $name !== $argument && (str_starts_with($name, 'k') || str_starts_with($name, 'secret'));
    }

    /**
     * The one that differs from what was typed in few letters.
     *
     * @param list<string> $known
     */
    public static function nearest(string $typed, array $known): ?string
    {
        $distances = array_combine($known, array_map(static fn(string $one): int => levenshtein($typed, $one), $known));
        asort($distances);
        return reset($distances) <= self::MISSPELT_LETTERS ? array_key_first($distances) : null;
    }

    public function has(string $name): bool
    {
        return isset($this->options[$name]);
    }

    public function text(string $name): ?string
    {
        return $this->options[$name] ?? null;
    }

    public function integer(string $name): ?int
    {
        $number = filter_var($this->options[$name] ?? null, FILTER_VALIDATE_INT, FILTER_NULL_ON_FAILURE);
        return $number === null && $this->has($name) ? throw new UsageError("--$name must be a whole number.") : $number;
    }

    public function tolerance(): ?int
    {
        $text = $this->text('tolerance');
        if ($text === null || $text === 'any') {
            return $text === null ? null : \HwSignature\ANY_AGE;
        }
        $seconds = filter_var($text, FILTER_VALIDATE_INT, ['options' => ['min_range' => 0]]);
        if ($seconds === false) {
            throw new UsageError('--tolerance must be a whole number of seconds, or any.');
        }
        return $seconds;
    }

    /** The argument of a command that takes no payload there. */
    public function argument(): ?string
    {
        return $this->file;
    }

    /** The file that holds the payload; `-` for standard input, null when none is named. */
    public function payloadFile(): ?string
    {
        if (isset(self::ARGUMENTS[$this->command])) {
            return $this->text('payload');
        }
        if ($this->file !== null && $this->has('payload')) {
            throw new UsageError('The payload is named twice: as an argument and with --payload.');
        }
        return $this->file ?? $this->text('payload');
    }

    public static function overview(): string
    {
        $commands = '';
        foreach (self::COMMANDS as $name => $purpose) {
            $commands .= sprintf("  %-10s%s\n", $name, $purpose);
        }
        return <<<TEXT
            hw-signature COMMAND [options] [FILE]

            $commands
            FILE holds the payload, which is signed byte for byte; - is standard input.
            "hw-signature COMMAND --help" lists the options of a command, and --version (-v)
            prints the version. For example:

              hw-signature sign --key-file secret.txt body.json
              hw-signature verify --key-file secret.txt --request dump.http
              hw-signature diagnose --key-env SECRET -H 'X-HW-SIGNATURE: …' body.json

            A key comes from a file or from an environment variable, never from the command
            line, where other processes and the shell's history would see it. The contents
            of a file are used as they are: a line break at the end is part of the key.

            Exit codes: 0 signed or valid, 1 not valid, or a forgery that was accepted,
            2 wrong usage or unreadable file.
            TEXT;
    }

    public static function help(string $command): string
    {
        $argument = array_key_exists($command, self::ARGUMENTS) ? self::ARGUMENTS[$command] : '[FILE]';
        $text = rtrim("hw-signature $command [options] $argument") . "\n\n";
        foreach (self::OPTIONS as $name => [$placeholder, $commands, $purpose]) {
            if (in_array($command, explode(' ', $commands), true)) {
                $text .= sprintf("  %-23s %s\n", rtrim("--$name $placeholder"), $purpose);
            }
        }
        return $text;
    }
}
