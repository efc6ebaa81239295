package io.odradek.core.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** What is said of settings that this broker does not know, or knows and does nothing with. */
final class Unserved {
    /** Only a process of Kafka's KRaft mode has it. */
    static final String OF_KRAFT = "process.roles";

    /** A name like that of a setting that protects: with a slip of the pen in it, it would protect nothing. */
    private static final Pattern PROTECTION = Pattern.compile("listener\\.name\\..*\\.(ssl\\..*|sasl\\..*)");

    private Unserved() {}

    /** {@return one line for each name that is not known, and one for those without effect} */
    static List<String> warnings(List<String> unknown, List<String> withoutEffect) {
        List<String> warnings = new ArrayList<>();
        for (String name : unknown) {
            String nearest =
                    name.startsWith(ListenerSettings.PREFIX) ? null : NearestName.to(name, SettingTable.broker());
            warnings.add("Unknown setting " + name + " is ignored"
                    + (nearest == null ? "" : "; did you mean " + nearest + "?"));
        }
        List<String> ignored = new ArrayList<>(withoutEffect);
        ignored.removeIf(Unserved::isRefused);
        if (!ignored.isEmpty()) {
            warnings.add("Nothing comes of these settings here: " + String.join(", ", ignored));
        }
        return List.copyOf(warnings);
    }

    static void refuse(List<String> unknown, List<String> withoutEffect) {
        List<String> refused = new ArrayList<>(withoutEffect);
        refused.addAll(unknown);
        refused.removeIf(name -> !isRefused(name));
        if (!refused.isEmpty()) {
            throw new ConfigException(
                    "This broker does not do what these settings ask for, and does not start as if it did: "
                            + String.join(", ", refused) + ". Remove them to run it without");
        }
    }

    private static boolean isRefused(String name) {
        Setting setting = SettingTable.broker().find(name);
        return setting == null ? PROTECTION.matcher(name).matches() : setting.effect() == Setting.Effect.REFUSED;
    }

    /** {@return what is to be changed in the settings of a process of KRaft mode} */
    static String ofKraft(Map<String, String> given, List<String> unknown) {
        List<String> goes = new ArrayList<>();
        for (String name : unknown) {
            if (name.equals(OF_KRAFT) || name.startsWith("controller.") || name.startsWith("metadata.log.")) {
                goes.add(name);
            }
        }
        String listeners = given.getOrDefault("controller.listener.names", "");
        return "process.roles is of Kafka's KRaft mode, in which brokers and controllers are roles of a process; this broker"
                + " is coordinated as in ZooKeeper mode. Remove " + String.join(", ", goes)
                + (listeners.isBlank() ? "" : ", and " + listeners + " from listeners and advertised.listeners")
                + "; node.id may stay. One broker needs nothing in their place, several need zookeeper.connect";
    }
}
