package io.odradek.server.login;

import io.odradek.core.config.ConfigException;
import io.odradek.core.config.ListenerSettings;

/** What {@code sasl.server.callback.handler.class} names: a check of logins by a mechanism. */
final class CallbackHandlers {
    private static final String SETTING = "sasl.server.callback.handler.class";

    private CallbackHandlers() {}

    /**
     * {@return the class that is named for a mechanism, null for none}
     *
     * @param settings of the mechanism
     * @throws ConfigException if one is named that is meant for none, or for several
     */
    static String named(ListenerSettings settings) {
        String named = settings.text(SETTING);
        if (named == null || named.isBlank()) {
            return null;
        }
        if (!settings.isOfMechanism(SETTING)) {
            throw new ConfigException(settings.strongest(SETTING)
                    + " does not say of which listener's mechanism it is; the name has to be " + ListenerSettings.PREFIX
                    + "NAME.MECHANISM." + SETTING + ", in lower case");
        }
        return named.strip();
    }

    static ConfigException refuse(ListenerSettings settings, String named) {
        return new ConfigException(settings.strongest(SETTING), named, "a check of logins that this broker has");
    }
}
