<?php

declare(strict_types=1);

namespace HwSignature\Tool;

use HwSignature\Profile;
use InvalidArgumentException;
use ValueError;

/** A contract as JSON. */
final class ContractFile
{
    /** @throws InvalidArgumentException a sentence without its end */
    public static function profile(string $json): Profile
    {
        try {
            return Profile::fromContract($json);
        } catch (ValueError $error) {
            throw new InvalidArgumentException('the contract cannot be used: ' . explode('must be a contract: ', $error->getMessage(), 2)[1]);
        }
    }

    /** The file of a built-in contract with its rules and vectors, where it lies with the tool; else the row alone. */
    public static function withVectors(string $name, string $row): string
    {
        $fields = json_decode($row, true);
        // In the source tree, and where the tool is installed.
        foreach ([__DIR__ . '/../../contracts', __DIR__ . '/../contracts'] as $directory) {
            $json = is_file("$directory/$name.json") ? (string) file_get_contents("$directory/$name.json") : '{}';
            if (array_intersect_key((array) json_decode($json, true), $fields) === $fields) {
                return $json;
            }
        }
        return $row;
    }
}
