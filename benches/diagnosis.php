<?php

/**
 * What a diagnosis costs that finds nothing, which is the longest: for each profile with a kibibyte of JSON and of text, and
 * with ten megabytes. Run by `make bench`; processor time, the median over the rounds.
 */

declare(strict_types=1);

use HwSignature\{Diagnosis, Key, Profile, Signer, Verdict};

const ROUNDS = 25;
const TARGET = 'https://shop.example/hooks/orders?id=7&page=2';

/** A document as shops and forges send it, of about so many bytes. */
function json(int $length): string
{
    $items = [];
    for ($number = 1; $number <= intdiv($length, 86); $number++) {
        $url = "https://shop.example/a/$number";
        $items[] = ['sku' => "A-$number", 'name' => 'Größe M', 'quantity' => $number, 'price' => $number * 1.25, 'url' => $url];
    }
    $flags = JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE;
    return json_encode(['id' => 7, 'paid' => true, 'items' => $items], $flags);
}

/** @return array{float, Diagnosis} processor time in milliseconds, and what came out */
function measured(string $profile, string $payload, int $rounds): array
{
    $headers = ['Content-Type' => 'application/json', 'Host' => 'shop.example'];
    $signer = new Signer(Profile::named($profile), Key::fromBytes('the secret of somebody else', 'key-1'));
    $headers += $signer->sign($payload, 'POST', TARGET, headers: $headers);
    $times = [];
    for ($round = 0; $round < $rounds; $round++) {
        $usage = getrusage();
        $diagnosis = hw_diagnose($headers, $payload, 'the secret of thirty-three bytes!', $profile, 'POST', TARGET);
        $after = getrusage();
        $micros = 0;
        foreach (['ru_utime', 'ru_stime'] as $time) {
            $micros += 1_000_000 * ($after["$time.tv_sec"] - $usage["$time.tv_sec"])
                + $after["$time.tv_usec"] - $usage["$time.tv_usec"];
        }
        $times[] = $micros / 1000;
    }
    if ($diagnosis->verdict !== Verdict::Unexplained) {
        throw new LogicException("$profile: this was to be unexplained:\n$diagnosis");
    }
    sort($times);
    return [$times[intdiv($rounds, 2)], $diagnosis];
}

function searched(Diagnosis $diagnosis): string
{
    preg_match('/tried (\d+) variants/', (string) $diagnosis, $match);
    return $match[1];
}

$json = json(1024);
$text = substr(str_repeat('The quick brown fox jumps over the lazy dog. ', 30), 0, 1024);
printf("%-22s %20s %20s\n", 'unexplained', strlen($json) . ' bytes of JSON', strlen($text) . ' bytes of text');
foreach (Profile::names() as $profile) {
    [$ofJson, $diagnosis] = measured($profile, $json, ROUNDS);
    [$ofText, $other] = measured($profile, $text, ROUNDS);
    printf("%-22s %9.2f ms %7d %9.2f ms %7d\n", $profile, $ofJson, searched($diagnosis), $ofText, searched($other));
}
foreach (['JSON' => json(10_000_000), 'text' => str_pad('', 10_000_000, $text)] as $kind => $payload) {
    foreach (['huawei-push', 'huawei-apig', 'github'] as $profile) {
        [$time, $diagnosis] = measured($profile, $payload, 3);
        printf("%-22s 10 MB of %s: %.0f ms, %s variants\n", $profile, $kind, $time, searched($diagnosis));
    }
}
// Of the whole process, which is what an operator limits; Linux tells it.
preg_match('/VmHWM:\s+(\d+)/', (string) @file_get_contents('/proc/self/status'), $peak);
printf("peak of the process: %d MiB\n", ($peak[1] ?? 0) / 1024);
