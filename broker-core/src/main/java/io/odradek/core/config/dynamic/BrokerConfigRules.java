package io.odradek.core.config.dynamic;

import io.odradek.core.config.BrokerConfig;
import io.odradek.core.config.ConfigException;
import io.odradek.core.config.Listener;
import io.odradek.core.config.ListenerSettings;
import io.odradek.core.config.NearestName;
import io.odradek.core.config.Setting;
import io.odradek.core.config.SettingTable;
import io.odradek.core.config.SettingType;
import io.odradek.core.config.UpdateMode;
import io.odradek.core.config.dynamic.TopicConfigChange.Modify;
import io.odradek.core.config.dynamic.TopicConfigChange.Operation;
import io.odradek.core.config.dynamic.TopicConfigChange.Replace;
import io.odradek.protocol.errors.ApiException;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.errors.Quoted;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * What may be changed of brokers' settings while they run, as Apache Kafka 3.9 has it (KIP-226): pure decisions. They are
 * refused with INVALID_REQUEST; only items for what is no list with INVALID_CONFIG. Unlike Kafka, this broker has no plug-ins
 * that would know of settings which it does not know: unknown names are refused.
 *
 * @param config this broker's configuration now
 * @param forAll whether the change is for all brokers
 */
record BrokerConfigRules(BrokerConfig config, boolean forAll) {
    private static final long LEAST_BYTES_OF_A_CLEANER = 1L << 20;

    /**
     * {@return what is stored after a change}
     *
     * @param before what is stored
     */
    SortedMap<String, String> after(SortedMap<String, String> before, TopicConfigChange change) {
        SortedMap<String, String> after = change instanceof Replace replace
                ? new TreeMap<>(replace.overrides())
                : modified(before, (Modify) change);
        SortedMap<String, String> changed = new TreeMap<>(after);
        changed.entrySet().removeIf(entry -> entry.getValue().equals(before.get(entry.getKey())));
        checkNames(changed);
        try {
            for (Map.Entry<String, String> one : changed.entrySet()) {
                UpdateMode.setting(one.getKey()).check(one.getValue());
            }
            checkTogether(after, changed);
        } catch (ConfigException refusal) {
            throw refused(refusal.getMessage());
        }
        return after;
    }

    private static SortedMap<String, String> modified(SortedMap<String, String> before, Modify change) {
        SortedMap<String, String> after = new TreeMap<>(before);
        for (Operation operation : change.operations()) {
            switch (operation.kind()) {
                case SET -> after.put(operation.name(), operation.value());
                case DELETE -> after.remove(operation.name());
                case APPEND, SUBTRACT -> after.put(operation.name(), changedList(operation, after));
            }
        }
        return after;
    }

    /** As in Kafka, a list that is not stored is taken to be the default, whatever the file says. */
    private static String changedList(Operation operation, SortedMap<String, String> stored) {
        Setting setting = UpdateMode.setting(operation.name());
        if (setting == null || setting.type() != SettingType.LIST) {
            throw new ApiException(
                    ErrorCode.INVALID_CONFIG,
                    "Config value append is not allowed for config key: " + Quoted.text(operation.name()));
        }
        String otherwise = setting.defaultText() == null ? "" : setting.defaultText();
        return ListItems.after(operation, stored.getOrDefault(operation.name(), otherwise));
    }

    private void checkNames(SortedMap<String, String> changed) {
        refuse(changed, this::isOfNoListener, "This broker has no listener of these configs: ", "");
        refuse(changed, name -> UpdateMode.setting(name) == null, "These configs are not known: ", nearest(changed));
        refuse(
                changed,
                BrokerConfigRules::isOfAllListeners,
                "These security configs can be dynamically updated only per-listener using the listener prefix: ",
                "");
        refuse(
                changed,
                name -> UpdateMode.of(name) == UpdateMode.READ_ONLY,
                "Cannot update these configs dynamically: ",
                "; they are changed in the broker's file and take effect when it starts again");
        refuse(
                changed,
                name -> forAll && UpdateMode.of(name) == UpdateMode.PER_BROKER,
                "Cannot update these configs at default cluster level, broker id must be specified: ",
                "");
        refuse(
                changed,
                name -> UpdateMode.isFixedHere(UpdateMode.setting(name)),
                "These configs cannot be changed while a broker runs here: ",
                "; they are changed in the broker's file and take effect when it starts again");
        refuse(
                changed,
                name -> UpdateMode.setting(name).sensitive() && !new SecretText(config).canEncrypt(),
                "These secrets are kept encrypted, and there is no password.encoder.secret to do it with: ",
                "; it is set in the files of all brokers");
    }

    private boolean isOfNoListener(String name) {
        if (!name.startsWith(ListenerSettings.PREFIX)) {
            return false;
        }
        for (Listener listener : config.listeners().listeners()) {
            if (name.startsWith(ListenerSettings.prefix(listener.name()))) {
                return false;
            }
        }
        return true;
    }

    /** Those of stores, which Kafka changes of one listener at a time, and those of logins, which it does not change at all. */
    private static boolean isOfAllListeners(String name) {
        return ListenerSettings.baseName(name) == null
                && UpdateMode.of(name) == UpdateMode.PER_BROKER
                && (name.startsWith("ssl.") || name.startsWith("sasl."));
    }

    private static String nearest(SortedMap<String, String> changed) {
        for (String name : changed.keySet()) {
            String nearest = UpdateMode.setting(name) == null ? NearestName.to(name, SettingTable.broker()) : null;
            if (nearest != null) {
                return "; did you mean " + nearest + "?";
            }
        }
        return "";
    }

    private static void refuse(
            SortedMap<String, String> changed, Predicate<String> refused, String why, String whatToDo) {
        List<String> names = new ArrayList<>();
        for (String name : changed.keySet()) {
            if (refused.test(name)) {
                names.add(name);
            }
        }
        if (!names.isEmpty()) {
            throw refused(why + Quoted.text(String.join(", ", names)) + whatToDo);
        }
    }

    /** What is set for one broker must do beside what is set for all, and what is set for all without it too. */
    private void checkTogether(SortedMap<String, String> after, SortedMap<String, String> changed) {
        SortedMap<String, String> known = new TreeMap<>(after);
        known.keySet().removeIf(name -> UpdateMode.setting(name) == null);
        BrokerConfig together = with(known);
        try {
            UsableSettings.check(together);
            if (forAll) {
                UsableSettings.check(config.with(known, Map.of()));
            }
        } catch (ApiException refusal) {
            throw refused(refusal.getMessage());
        }
        for (String name : changed.keySet()) {
            checkSize(name, together);
        }
    }

    /** {@return the configuration that this broker has when settings are stored} */
    BrokerConfig with(SortedMap<String, String> known) {
        return forAll ? config.with(known, config.ofThisBroker()) : config.with(config.ofAllBrokers(), known);
    }

    private void checkSize(String name, BrokerConfig together) {
        switch (name) {
            case "background.threads" -> checkThreads(name, together, 1);
            case "log.cleaner.threads" -> checkThreads(name, together, 1);
            case "num.recovery.threads.per.data.dir" -> checkThreads(name, together, 1);
            case "max.connections" ->
                require(together.int32(name) > 0, together, name, "at least 1: nobody could set it back over none");
            case "max.connection.creation.rate" -> require(together.int32(name) > 0, together, name, "at least 1");
            case "max.connections.per.ip" ->
                require(
                        together.int32(name) > 0
                                || !together.list("max.connections.per.ip.overrides")
                                        .isEmpty(),
                        together,
                        name,
                        "at least 1 where max.connections.per.ip.overrides has no addresses");
            case "log.cleaner.dedupe.buffer.size" ->
                require(
                        together.int64(name) >= LEAST_BYTES_OF_A_CLEANER * together.int32("log.cleaner.threads"),
                        together,
                        name,
                        "at least 1048576 for each of log.cleaner.threads");
            default -> {}
        }
    }

    /** In steps, so that a slip of the pen takes no broker down. */
    private void checkThreads(String name, BrokerConfig together, int least) {
        int now = config.int32(name);
        require(
                together.int32(name) >= Math.max(least, now / 2) && together.int32(name) <= Math.max(least, now * 2L),
                together,
                name,
                "at least " + Math.max(least, now / 2) + " and at most " + Math.max(least, now * 2L)
                        + ": half or double of what there is now");
    }

    private static void require(boolean holds, BrokerConfig together, String name, String allowed) {
        if (!holds) {
            throw new ConfigException(name, together.given().get(name), allowed);
        }
    }

    private static ApiException refused(String message) {
        return new ApiException(ErrorCode.INVALID_REQUEST, message);
    }
}
