<?php

declare(strict_types=1);

namespace HwSignature\Testing;

use HwSignature\SignatureRejectedException;

/**
 * An assertion for PHPUnit.
 *
 *     final class WebhookTest extends TestCase
 *     {
 *         use AssertsForgeries;
 *
 *         public function testItRefusesForgeries(): void
 *         {
 *             $good = SignedRequest::of('huawei-push', Key::fromBytes('the key of the tests'));
 *             self::assertRefusesForgeries($this->accepts(...), $good);
 *         }
 *     }
 */
trait AssertsForgeries
{
    /**
     * Sends the forgeries, then the good request, and then the good request again.
     *
     * @param callable(SignedRequest): bool $receiver whether the receiver accepts a request; a `SignatureRejectedException`
     *     says no, too
     * @param list<string> $except names of forgeries that are none for this receiver
     */
    public static function assertRefusesForgeries(callable $receiver, SignedRequest $good, array $except = []): void
    {
        $accepts = static function (SignedRequest $request) use ($receiver): bool {
            try {
                return $receiver($request);
            } catch (SignatureRejectedException) {
                return false;
            }
        };
        $forgeries = array_map(static fn (array $case): Forgery => $case[0], Forgeries::of($good));
        self::assertSame([], array_diff($except, array_keys($forgeries)), 'There are no such forgeries.');
        $forgeries = array_diff_key($forgeries, array_flip($except));

        $accepted = [];
        foreach ($forgeries as $forgery) {
            if ($forgery->before === null && $accepts($forgery->request)) {
                $accepted[] = "- $forgery->name: $forgery->meaning";
            }
        }
        $isGoodAccepted = $accepts($good);
        foreach ($forgeries as $forgery) {
            if ($forgery->before !== null && $accepts($forgery->request)) {
                $accepted[] = "- $forgery->name: $forgery->meaning";
            }
        }

        if ($accepted !== []) {
            $count = count($accepted) . ' of ' . count($forgeries);
            self::fail("The receiver accepts $count forged requests:\n" . implode("\n", $accepted) . "\n");
        }
        self::assertTrue($isGoodAccepted, 'The receiver must accept the good request.');
    }

    /**
     * Sends one forgery, behind the good request that it needs: for a data provider.
     *
     * @param callable(SignedRequest): bool $receiver see `assertRefusesForgeries()`
     */
    public static function assertRefusesForgery(callable $receiver, Forgery $forgery): void
    {
        if ($forgery->before !== null) {
            self::assertTrue($receiver($forgery->before), 'The receiver must accept the good request.');
        }
        try {
            $isAccepted = $receiver($forgery->request);
        } catch (SignatureRejectedException) {
            $isAccepted = false;
        }
        self::assertFalse($isAccepted, "The receiver accepts a forged request.\n- $forgery->name: $forgery->meaning\n");
    }
}
