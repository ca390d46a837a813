"""Huawei Cloud's SDK for Python: signs a request as its HTTP client does before it sends it."""

from huaweicloudsdkcore.auth.credentials import BasicCredentials
from huaweicloudsdkcore.sdk_request import SdkRequest
from huaweicloudsdkcore.signer.signer import Signer

from peer import serve


def sign(access, secret, method, host, path, query, headers, body):
    """`path` is percent-encoded; `query` is a list of names and values."""
    request = SdkRequest(
        method=method, schema="https", host=host, resource_path=path, query_params=[tuple(pair) for pair in query],
        header_params=dict(headers), body=body,
    )
    Signer(BasicCredentials(access, secret, "project")).sign(request)
    return {"headers": request.header_params, "target": request.uri}


serve(sign)
