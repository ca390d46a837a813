<?php

// No strict_types here: what is called from this file converts its arguments the way PHP does by default.

return static fn (string|Closure $callee, array $arguments): mixed
    => is_string($callee) ? new $callee(...$arguments) : $callee(...$arguments);
