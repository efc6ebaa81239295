package io.odradek.core.security.sasl;

/** How this broker logs in with others at a listener. Thread-safe. */
public interface OwnLogin {
    /** {@return the mechanism} */
    String mechanism();

    /** {@return a login that begins} */
    SaslClientExchange open();
}
