package io.odradek.server.net.secure;

import io.odradek.core.config.Listener;
import io.odradek.core.security.sasl.Mechanisms;
import io.odradek.core.security.sasl.OwnLogin;

/** What connections of listeners go through before their requests are served. */
public interface ListenerSecurity {
    /** {@return how this broker logs in with others at one of their listeners, by its name; null where it need not} */
    OwnLogin ownLogin(String listener);

    /** {@return the mechanisms by which one has to log in at a listener; null where nobody has to} */
    Mechanisms mechanisms(Listener listener);

    /** {@return how the bytes of a listener are encrypted, by its name; null where they are not} */
    ListenerTls tls(String listener);
}
