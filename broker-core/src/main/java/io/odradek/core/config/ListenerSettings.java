package io.odradek.core.config;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * A broker's settings as they hold for one listener, and for one SASL mechanism on it: {@code listener.name.NAME.setting} is
 * stronger than {@code setting}, and {@code listener.name.NAME.MECHANISM.setting} stronger than both (KIP-103, KIP-226). The
 * names of listener and mechanism are in lower case there. Immutable.
 */
public final class ListenerSettings {
    /** How the names of settings of one listener begin. */
    public static final String PREFIX = "listener.name.";

    private static final Set<String> OTHERS = Set.of(
            "connections.max.reauth.ms", "max.connection.creation.rate", "max.connections", "principal.builder.class");

    private final BrokerConfig config;
    private final List<String> prefixes;

    private ListenerSettings(BrokerConfig config, List<String> prefixes) {
        this.config = config;
        this.prefixes = prefixes;
    }

    static ListenerSettings of(BrokerConfig config, String listener) {
        return new ListenerSettings(config, List.of(prefix(listener)));
    }

    /** {@return how the names of a listener's own settings begin} */
    public static String prefix(String listener) {
        return PREFIX + listener.toLowerCase(Locale.ROOT) + ".";
    }

    /** {@return the settings of one mechanism on this listener} */
    public ListenerSettings ofMechanism(String mechanism) {
        String listener = prefixes.get(prefixes.size() - 1);
        return new ListenerSettings(config, List.of(listener + mechanism.toLowerCase(Locale.ROOT) + ".", listener));
    }

    /**
     * {@return the setting that a name with the prefix of a listener is about, under its full name and without a default;
     * null if there is none} That listener, or mechanism, need not be there.
     */
    static Setting find(String name, SettingTable table) {
        String base = baseName(name);
        Setting setting = base == null ? null : table.find(base);
        return setting == null ? null : setting.named(name);
    }

    /** {@return the name without its prefix, null if it has none or is of no setting that a listener can have of its own} */
    public static String baseName(String name) {
        if (!name.startsWith(PREFIX)) {
            return null;
        }
        String rest = afterDot(name, PREFIX.length());
        if (isOfListeners(rest)) {
            return rest;
        }
        String ofMechanism = afterDot(rest, 0);
        return ofMechanism.startsWith("sasl.") || ofMechanism.equals("connections.max.reauth.ms") ? ofMechanism : null;
    }

    private static String afterDot(String name, int from) {
        return name.substring(name.indexOf('.', from) + 1);
    }

    private static boolean isOfListeners(String name) {
        return name.startsWith("ssl.") || name.startsWith("sasl.") || OTHERS.contains(name);
    }

    /** {@return whether a setting was given a value, for this listener or for all} */
    public boolean isSet(String name) {
        return config.isSet(strongest(name));
    }

    /** {@return whether the value that holds was given with the prefix of this listener, or of the mechanism on it} */
    public boolean isOwn(String name) {
        return !strongest(name).equals(name);
    }

    /** {@return whether the value that holds was given for one mechanism; only of the settings of one} */
    public boolean isOfMechanism(String name) {
        return strongest(name).equals(prefixes.get(0) + name);
    }

    /** {@return all that has a value, by its name without a prefix; secrets are among it} */
    public Map<String, Object> values() {
        Map<String, Object> values = config.values();
        for (int i = prefixes.size() - 1; i >= 0; i--) {
            String prefix = prefixes.get(i);
            config.given().forEach((name, text) -> {
                if (name.startsWith(prefix)) {
                    String base = name.substring(prefix.length());
                    values.put(base, config.isSet(name) ? config.value(name) : text);
                }
            });
        }
        return values;
    }

    /** {@return the value of a BOOLEAN} */
    public boolean flag(String name) {
        return config.flag(strongest(name));
    }

    /** {@return the value of an INT or SHORT} */
    public int int32(String name) {
        return config.int32(strongest(name));
    }

    /** {@return the value of an INT, SHORT or LONG} */
    public long int64(String name) {
        return config.int64(strongest(name));
    }

    /** {@return the value of a DOUBLE} */
    public double real(String name) {
        return config.real(strongest(name));
    }

    /** {@return the value of a STRING, CLASS or PASSWORD; null if it has none} */
    public String text(String name) {
        return config.text(strongest(name));
    }

    /** {@return the items of a LIST, empty if it has no value} */
    public List<String> list(String name) {
        return config.list(strongest(name));
    }

    /** {@return the listener's name, in lower case} */
    public String listener() {
        String prefix = prefixes.get(prefixes.size() - 1);
        return prefix.substring(PREFIX.length(), prefix.length() - 1);
    }

    /** {@return whose settings these are, for messages} */
    @Override
    public String toString() {
        return "Listener " + listener();
    }

    /** {@return the full name under which the value that holds is set, for messages; the plain one if there is none} */
    public String strongest(String name) {
        for (String prefix : prefixes) {
            if (config.isSet(prefix + name)) {
                return prefix + name;
            }
        }
        return name;
    }
}
