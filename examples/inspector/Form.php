<?php

declare(strict_types=1);

namespace HwSignature\Inspector;

use HwSignature\Profile;

const KEY_ENCODINGS = ['raw' => 'Text, used as it is', 'base64' => 'Base64, decoded first', 'hex' => 'Hexadecimal, decoded first'];

/** What the form holds. The key is not here: it is never sent back. */
final class Form
{
    public string $request = '';
    public string $body = '';
    public string $profile = 'huawei-push';
    public string $contract = '';
    public ?Profile $ofContract = null;
    public string $encoding = 'raw';
    public bool $anyAge = false;
    /** @var array<string, string> field => what is wrong with it */
    public array $problems = [];
    /** @var list<string> */
    public array $notes = [];

    /** The contract that was pasted, or else the one that was chosen. */
    public function profile(): Profile
    {
        return $this->ofContract ?? Profile::named($this->profile);
    }
}
