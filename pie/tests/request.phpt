--TEST--
A request is signed and verified, and a changed one is not accepted
--EXTENSIONS--
hw_signature
--FILE--
<?php
$headers = hw_sign('{"hello":"world"}', 'the secret', 'django');
var_dump(hw_verify($headers, '{"hello":"world"}', 'the secret', 'django'));
var_dump(hw_verify($headers, '{"hello":"you"}', 'the secret', 'django'));
?>
--EXPECT--
bool(true)
bool(false)
