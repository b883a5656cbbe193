<?php
// BASE, KEY and IMAGE are set. Prints the address of each image, then the credits that are left.
function call(string $method, string $path, ?string $token = null, ?array $fields = null): array
{
    $headers = ['Content-Type: application/json'];
    if ($token !== null) {
        $headers[] = "Authorization: Bearer $token";
    }
    $curl = curl_init(getenv('BASE') . $path);
    curl_setopt_array($curl, [
        CURLOPT_CUSTOMREQUEST => $method,
        CURLOPT_RETURNTRANSFER => true,
        CURLOPT_HTTPHEADER => $headers,
    ]);
    if ($fields !== null) {
        curl_setopt($curl, CURLOPT_POSTFIELDS, json_encode($fields));
    }
    return json_decode(curl_exec($curl), true, 512, JSON_THROW_ON_ERROR);
}

$token = call('POST', '/api/token', null, ['key' => getenv('KEY')])['access_token'];
$token = call('POST', '/api/refresh', $token)['access_token'];
$remove = function (array $fields) use ($token): void {
    $fields['input_image'] = getenv('IMAGE');
    echo call('POST', '/api/v1/image/remove-background', $token, $fields)['data']['output_image'], "\n";
};
$remove([]);
$remove(['output_format' => 'jpg', 'bg_color' => '#ff0000']);
foreach (['vertical', 'horizontal', 'diagonal-tl-br', 'diagonal-bl-tr'] as $direction) {
    $remove(['output_format' => 'jpg', 'bg_gradient' => '#000000:#ffffff', 'gradient_direction' => $direction]);
}
echo call('GET', '/api/v1/user/credits', $token)['credits'], "\n";
