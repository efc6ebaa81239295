package io.odradek.server.login;

import io.odradek.core.config.ConfigException;
import io.odradek.core.security.sasl.JaasModule;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.security.auth.login.AppConfigurationEntry;
import javax.security.auth.login.Configuration;

/**
 * The file of login modules that the system property {@code java.security.auth.login.config} names, as the JDK reads it. It has
 * sections, of which those are for a listener that Kafka looks for: {@code listener.KafkaServer}, with the listener's name in
 * lower case, and where that is not there, {@code KafkaServer}.
 */
final class JaasFile {
    /** The system property. */
    static final String PROPERTY = "java.security.auth.login.config";

    private static final String SECTION = "KafkaServer";
    private static final Pattern LINE = Pattern.compile("[Ll]ine (\\d+)");

    private JaasFile() {}

    /** {@return whether there is one} */
    static boolean isNamed() {
        return name() != null;
    }

    /** {@return what is looked for, for messages} */
    static String words(String listener) {
        return "in the section " + listener + "." + SECTION + " or " + SECTION + " of "
                + (isNamed() ? name() + ", which " + PROPERTY + " names" : "the file that -D" + PROPERTY + " names");
    }

    /**
     * {@return the modules that are meant for a listener, none if there are none}
     *
     * @param listener its name in lower case
     * @throws ConfigException if the file cannot be read; the message has nothing of it
     */
    static List<JaasModule> modules(String listener) {
        Configuration file;
        try {
            file = Configuration.getConfiguration();
            // It may have been read for somebody else, long ago.
            file.refresh();
        } catch (SecurityException bad) {
            throw new ConfigException(PROPERTY, name(), "a file of login modules" + where(bad));
        }
        AppConfigurationEntry[] entries = file.getAppConfigurationEntry(listener + "." + SECTION);
        if (entries == null) {
            entries = file.getAppConfigurationEntry(SECTION);
        }
        List<JaasModule> modules = new ArrayList<>();
        for (AppConfigurationEntry entry : entries == null ? new AppConfigurationEntry[0] : entries) {
            SortedMap<String, String> options = new TreeMap<>();
            entry.getOptions().forEach((name, value) -> options.put(name, String.valueOf(value)));
            modules.add(new JaasModule(entry.getLoginModuleName(), Collections.unmodifiableSortedMap(options)));
        }
        return modules;
    }

    private static String name() {
        return System.getProperty(PROPERTY);
    }

    /** The JDK's own words may have a password in them. */
    private static String where(SecurityException bad) {
        Matcher line = LINE.matcher(String.valueOf(bad.getMessage()));
        return line.find() ? "; line " + line.group(1) + " is none" : " that can be read";
    }
}
