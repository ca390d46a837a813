<?php

declare(strict_types=1);

namespace HwSignature\Tool;

use HwSignature\Profile;
use InvalidArgumentException;

/** What the arguments name: the payload, headers, the contract and the key. */
final class Inputs
{
    /** The bytes of the payload. A method for which nothing is signed needs none. */
    public static function payload(Arguments $arguments, Profile $profile, ?string $method): string
    {
        $file = $arguments->payloadFile();
        if ($file === null && self::signsPayload($profile, $method)) {
            throw new UsageError('Name a file with the payload, or - for standard input.');
        }
        if ($file !== null && $file !== '-' && !file_exists($file)) {
            self::refuseNoFile($file);
        }
        return $file === null ? '' : self::read($file);
    }

    /** Where curl takes text, and a name after an @. */
    private static function refuseNoFile(string $text): void
    {
        if (str_starts_with($text, '@') && file_exists(substr($text, 1))) {
            throw new UsageError("The payload is always a file: write $text without the @.");
        }
        if (strspn($text, '{[<"', 0, 1) === 1 || str_contains($text, "\n")) {
            throw new UsageError('The payload is the name of a file, not its text: save it, or pipe it in and write - for the file.');
        }
    }

    public static function signsPayload(Profile $profile, ?string $method): bool
    {
        return !in_array(strtoupper((string) $method), $profile->describe()['methodsWithoutPayload'], true);
    }

    /** @return array<string, list<string>> those that were given one by one, keyed by the name in lower case */
    public static function headers(Arguments $arguments): array
    {
        try {
            return HeaderLines::parse($arguments->headers, 'header');
        } catch (InvalidArgumentException $error) {
            throw new UsageError('The request cannot be read: ' . $error->getMessage() . '.');
        }
    }

    /** The contract: one that is built in, or one of a file. */
    public static function profile(Arguments $arguments): Profile
    {
        $file = $arguments->text('profile-file');
        if ($file === null) {
            return self::named($arguments->text('profile') ?? 'huawei-push');
        }
        if ($arguments->has('profile')) {
            throw new UsageError('Name the contract with either --profile or --profile-file.');
        }
        return self::contractOf($file);
    }

    public static function named(string $name): Profile
    {
        $nearest = in_array($name, Profile::names(), true) ? null : Arguments::nearest($name, Profile::names());
        if ($nearest !== null) {
            throw new UsageError("There is no profile \"$name\". Did you mean $nearest? \"hw-signature profiles\" shows all.");
        }
        return Profile::named($name);
    }

    public static function contractOf(string $file): Profile
    {
        try {
            return ContractFile::profile(self::read($file));
        } catch (InvalidArgumentException $error) {
            throw new UsageError("$file: " . $error->getMessage() . '.');
        }
    }

    /** The bytes of the key. */
    public static function key(Arguments $arguments): string
    {
        [$file, $variable] = [$arguments->text('key-file'), $arguments->text('key-env')];
        if (($file === null) === ($variable === null)) {
            throw new UsageError('Say where the key is, with either --key-file FILE or --key-env NAME.');
        }
        if ($file === '-') {
            throw new UsageError('--key-file takes no standard input.');
        }
        $key = $file === null ? getenv($variable) : self::read($file);
        if ($key === false || $key === '') {
            $what = $file === null ? "The environment variable $variable" : $file;
            throw new UsageError($what . ($key === false ? ' is not set.' : ' is empty.'));
        }
        if ($arguments->has('trim-key')) {
            $key = trim($key);
        } elseif (str_ends_with($key, "\n") || str_ends_with($key, "\r")) {
            Console::warn('The key ends in a line break, which is part of the key; --trim-key takes it off.');
        }
        $encoding = $arguments->text('key-encoding') ?? 'raw';
        if (!in_array($encoding, KeyText::ENCODINGS, true)) {
            throw new UsageError('--key-encoding must be raw, base64 or hex.');
        }
        try {
            return KeyText::decode($key, $encoding);
        } catch (InvalidArgumentException $error) {
            throw new UsageError(($encoding === 'raw' ? '' : "With --key-encoding $encoding, ") . $error->getMessage() . '.');
        }
    }

    public static function read(string $file): string
    {
        error_clear_last();
        $bytes = @file_get_contents($file === '-' ? 'php://stdin' : $file);
        // A directory reads as an empty text, with a complaint.
        $complaint = error_get_last()['message'] ?? null;
        if ($bytes === false || $complaint !== null) {
            $reason = substr((string) strrchr((string) $complaint, ':'), 2);
            $errno = strpos($reason, 'errno=');
            throw new UsageError("$file cannot be read: " . ($errno === false ? $reason : ltrim(substr($reason, $errno + strlen('errno=')), '0..9 ')) . '.');
        }
        return $bytes;
    }
}
