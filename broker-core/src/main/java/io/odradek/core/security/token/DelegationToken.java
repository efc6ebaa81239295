package io.odradek.core.security.token;

import java.util.List;
import java.util.Set;

/**
 * What is known of a delegation token, but for its secret. Principals are written as {@code User:alice}; times are milliseconds
 * since the epoch.
 *
 * @param id by which it is called, and logs in
 * @param owner whom it logs in
 * @param requester who asked for it, most often the owner
 * @param renewers who may let it live on or end it, beside the owner
 * @param issuedMs since when there is it
 * @param maxMs how long it may live at most
 * @param expiresMs when it ends if nobody renews it
 */
public record DelegationToken(
        String id, String owner, String requester, List<String> renewers, long issuedMs, long maxMs, long expiresMs) {
    private static final String USER = "User:";

    /** {@return whether a principal is a user, as all must be whom tokens are for} */
    public static boolean isUser(String principal) {
        return principal.startsWith(USER) && principal.length() > USER.length();
    }

    /** {@return the name of the user whom it logs in} */
    String user() {
        return owner.substring(USER.length());
    }

    /** {@return when it ends} */
    long endMs() {
        return Math.min(expiresMs, maxMs);
    }

    /** {@return whether it is valid no more} */
    boolean isOver(long nowMs) {
        return endMs() < nowMs;
    }

    /** {@return whether somebody may let it live on or end it; who asked for it in another's name may not} */
    boolean isRenewedBy(String principal) {
        return owner.equals(principal) || renewers.contains(principal);
    }

    /** {@return whether somebody owns it, asked for it or may renew it, and so may know of it} */
    public boolean concerns(String principal) {
        return requester.equals(principal) || isRenewedBy(principal);
    }

    /** {@return whether it concerns any of them} */
    public boolean concernsAny(Set<String> principals) {
        if (principals.contains(owner) || principals.contains(requester)) {
            return true;
        }
        for (String renewer : renewers) {
            if (principals.contains(renewer)) {
                return true;
            }
        }
        return false;
    }

    /** {@return the same token with another end, which is not behind the longest life that it was given} */
    DelegationToken ending(long atMs) {
        return new DelegationToken(id, owner, requester, renewers, issuedMs, maxMs, Math.min(maxMs, atMs));
    }
}
