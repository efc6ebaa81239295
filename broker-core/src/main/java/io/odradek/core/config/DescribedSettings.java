package io.odradek.core.config;

import io.odradek.core.config.ConfigEntry.Synonym;
import io.odradek.storage.log.LogSetting;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A broker's settings as DescribeConfigs shows them, with where their values come from and could come from. */
public final class DescribedSettings {
    private final BrokerConfig config;

    /** @param config what is described */
    public DescribedSettings(BrokerConfig config) {
        this.config = config;
    }

    /** {@return every setting of the table, in its order, then those of single listeners and what the tree alone has} */
    public List<ConfigEntry> ofBroker() {
        List<ConfigEntry> entries = new ArrayList<>();
        for (Setting setting : SettingTable.broker().all()) {
            entries.add(entry(setting));
        }
        for (String name : config.given().keySet()) {
            boolean ofListener = ListenerSettings.baseName(name) != null;
            if ((ofListener || SettingTable.broker().find(name) == null) && UpdateMode.setting(name) != null) {
                entries.add(entry(UpdateMode.setting(name)));
            }
        }
        return entries;
    }

    /** {@return what the tree sets for all brokers, and nothing else} */
    public List<ConfigEntry> ofAllBrokers() {
        List<ConfigEntry> entries = new ArrayList<>();
        config.ofAllBrokers().forEach((name, value) -> {
            Setting setting = UpdateMode.setting(name);
            Synonym only = synonym(setting, value, ConfigSource.DYNAMIC_DEFAULT_BROKER_CONFIG);
            entries.add(entry(setting, only.value(), List.of(only)));
        });
        return entries;
    }

    /** {@return the settings of a group, with what is stored of them} */
    public static List<ConfigEntry> ofGroup(Map<String, String> stored) {
        List<ConfigEntry> entries = new ArrayList<>();
        for (Setting setting : GroupSettingTable.table().all()) {
            List<Synonym> synonyms = new ArrayList<>();
            String value = stored.get(setting.name());
            if (value != null) {
                synonyms.add(synonym(setting, value, ConfigSource.GROUP_CONFIG));
            }
            synonyms.add(synonym(setting, setting.defaultText(), ConfigSource.DEFAULT_CONFIG));
            Synonym first = synonyms.get(0);
            entries.add(new ConfigEntry(
                    setting.name(),
                    first.value(),
                    first.source(),
                    setting.type(),
                    setting.doc(),
                    false,
                    false,
                    synonyms));
        }
        return entries;
    }

    private ConfigEntry entry(Setting setting) {
        String value = config.given().getOrDefault(setting.name(), setting.defaultText());
        return entry(setting, setting.sensitive() ? null : value, synonyms(namesFrom(setting.name())));
    }

    private static ConfigEntry entry(Setting setting, String value, List<Synonym> synonyms) {
        return new ConfigEntry(
                setting.name(),
                value,
                synonyms.isEmpty()
                        ? ConfigSource.DEFAULT_CONFIG
                        : synonyms.get(0).source(),
                setting.type(),
                setting.doc(),
                setting.sensitive(),
                isReadOnly(setting),
                synonyms);
    }

    /** The rates of throttled replicas, and what is of one listener, are shown as read-only by Kafka, though they may be changed. */
    private static boolean isReadOnly(Setting setting) {
        return UpdateMode.of(setting.name()) == UpdateMode.READ_ONLY
                || UpdateMode.isFixedHere(setting)
                || ListenerSettings.baseName(setting.name()) != null
                || SettingTable.broker().find(setting.name()) == null;
    }

    private static List<String> namesFrom(String name) {
        for (LogSetting ofLog : LogSetting.values()) {
            int position = ofLog.brokerNames().indexOf(name);
            if (position >= 0) {
                return ofLog.brokerNames().subList(position, ofLog.brokerNames().size());
            }
        }
        String base = ListenerSettings.baseName(name);
        return base == null ? List.of(name) : List.of(name, base);
    }

    /**
     * {@return the values that are set, and the default, the one in force first} As Kafka does, this knows a value by the
     * strongest of its names only: hours alone are no synonym of milliseconds.
     *
     * @param names what the setting is called, the strongest name first
     */
    public List<Synonym> synonyms(List<String> names) {
        List<Synonym> synonyms = new ArrayList<>();
        add(synonyms, names, config.ofThisBroker(), ConfigSource.DYNAMIC_BROKER_CONFIG);
        add(synonyms, names, config.ofAllBrokers(), ConfigSource.DYNAMIC_DEFAULT_BROKER_CONFIG);
        add(synonyms, names, config.ofFile(), ConfigSource.STATIC_BROKER_CONFIG);
        for (String name : names) {
            Setting setting = UpdateMode.setting(name);
            if (setting.defaultText() != null) {
                synonyms.add(synonym(setting, setting.defaultText(), ConfigSource.DEFAULT_CONFIG));
            }
        }
        while (!synonyms.isEmpty() && !synonyms.get(0).name().equals(names.get(0))) {
            synonyms.remove(0);
        }
        return synonyms;
    }

    private static void add(
            List<Synonym> synonyms, List<String> names, Map<String, String> values, ConfigSource source) {
        for (String name : names) {
            String value = values.get(name);
            if (value != null) {
                synonyms.add(synonym(UpdateMode.setting(name), value.trim(), source));
            }
        }
    }

    private static Synonym synonym(Setting setting, String value, ConfigSource source) {
        return new Synonym(setting.name(), setting.sensitive() ? null : value, source);
    }
}
