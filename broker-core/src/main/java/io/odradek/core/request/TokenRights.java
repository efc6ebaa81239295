package io.odradek.core.request;

import io.odradek.core.transport.RequestContext;

/** Who may do what with delegation tokens that are not theirs (KIP-48, KIP-373). */
public interface TokenRights {
    /** {@return whether whoever has sent a request may make tokens in the name of a principal} */
    boolean mayCreateFor(RequestContext context, String owner);

    /** {@return whether it may know of a token, with its secret} */
    boolean mayDescribe(RequestContext context, String tokenId, String owner);
}
