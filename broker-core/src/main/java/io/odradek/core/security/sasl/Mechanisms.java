package io.odradek.core.security.sasl;

import java.util.List;

/** The mechanisms by which one may log in at a listener. Thread-safe. */
public interface Mechanisms {
    /** {@return their names, as clients are told them} */
    List<String> names();

    /** {@return a login that begins} @param mechanism one of the names */
    SaslExchange open(String mechanism);

    /** {@return how long a login lasts at most, ms; 0 for as long as what was shown is valid ({@code connections.max.reauth.ms})} */
    long maxReauthMs(String mechanism);
}
