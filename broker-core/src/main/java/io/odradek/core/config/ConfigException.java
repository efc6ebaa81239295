package io.odradek.core.config;

import io.odradek.protocol.errors.Quoted;

/** A configuration that cannot be served. The message is one line for the operator: key, value, and what is allowed. */
public final class ConfigException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** @param message one line */
    public ConfigException(String message) {
        super(message, null, false, false);
    }

    /**
     * @param name the setting
     * @param value the value it was given
     * @param allowed what it takes instead, completing "expected ..."
     */
    public ConfigException(String name, String value, String allowed) {
        this("Bad value for " + name + ": '" + Quoted.text(value) + "', expected " + allowed);
    }
}
