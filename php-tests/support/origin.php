<?php

/** An origin that writes down what it gets into the file RECORD, a line of JSON each, and redirects where it is asked to, or always to REDIRECT. */

declare(strict_types=1);

$request = ['method' => $_SERVER['REQUEST_METHOD'], 'target' => $_SERVER['REQUEST_URI'], 'server' => $_SERVER, 'body' => base64_encode(file_get_contents('php://input'))];
file_put_contents((string) getenv('RECORD'), json_encode($request) . "\n", FILE_APPEND);
$to = $_GET['to'] ?? getenv('REDIRECT');
if ($to !== false) {
    header("Location: $to", true, (int) ($_GET['status'] ?? 307));
}
