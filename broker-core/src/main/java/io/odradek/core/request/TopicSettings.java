package io.odradek.core.request;

import io.odradek.core.config.BrokerConfig;
import io.odradek.core.config.ConfigEntry.Synonym;
import io.odradek.core.config.ConfigSource;
import io.odradek.core.config.DescribedSettings;
import io.odradek.core.config.LiveConfig;
import io.odradek.core.config.Setting;
import io.odradek.core.config.SettingTable;
import io.odradek.core.config.SettingType;
import io.odradek.protocol.api.CreateTopicsResponse.CreatableTopicConfigs;
import io.odradek.protocol.api.DescribeConfigsResponse.DescribeConfigsResourceResult;
import io.odradek.storage.log.LogConfig;
import io.odradek.storage.log.LogSetting;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** A topic's settings in the words of DescribeConfigs and CreateTopics responses. */
final class TopicSettings {
    private final LiveConfig config;

    /** @param config the broker's settings, which topics inherit */
    TopicSettings(LiveConfig config) {
        this.config = config;
    }

    /** {@return all settings of a topic, as CreateTopics shows them (KIP-525)} */
    List<CreatableTopicConfigs> created(Map<String, String> overrides) {
        BrokerConfig broker = config.current();
        List<CreatableTopicConfigs> settings = new ArrayList<>();
        for (LogConfig.Entry entry : LogConfig.of(broker.given(), overrides).entries()) {
            settings.add(new CreatableTopicConfigs(
                    entry.name(),
                    entry.value(),
                    false,
                    source(synonyms(entry, overrides, broker)).code(),
                    false));
        }
        return settings;
    }

    /** {@return the settings of a topic that are wanted, as DescribeConfigs shows them} */
    List<DescribeConfigsResourceResult> described(
            Map<String, String> overrides, Predicate<String> wanted, boolean synonyms, boolean documentation) {
        BrokerConfig broker = config.current();
        List<DescribeConfigsResourceResult> settings = new ArrayList<>();
        for (LogConfig.Entry entry : LogConfig.of(broker.given(), overrides).entries()) {
            if (wanted.test(entry.name())) {
                List<Synonym> found = synonyms(entry, overrides, broker);
                settings.add(new DescribeConfigsResourceResult(
                        entry.name(),
                        entry.value(),
                        entry.readOnly(),
                        source(found) != ConfigSource.TOPIC_CONFIG,
                        source(found).code(),
                        false,
                        synonyms ? DescribedEntries.synonyms(found) : List.of(),
                        type(entry.type()).code(),
                        documentation ? documentation(SettingTable.broker(), entry.name()) : null));
            }
        }
        return settings;
    }

    private static List<Synonym> synonyms(LogConfig.Entry entry, Map<String, String> overrides, BrokerConfig broker) {
        List<Synonym> synonyms = new ArrayList<>();
        if (overrides.containsKey(entry.name())) {
            synonyms.add(new Synonym(entry.name(), entry.value(), ConfigSource.TOPIC_CONFIG));
        }
        List<String> names = LogSetting.ofTopicName(entry.name())
                .map(LogSetting::brokerNames)
                .orElse(List.of());
        if (!names.isEmpty()) {
            synonyms.addAll(new DescribedSettings(broker).synonyms(names));
        }
        return synonyms;
    }

    private static ConfigSource source(List<Synonym> synonyms) {
        return synonyms.isEmpty()
                ? ConfigSource.DEFAULT_CONFIG
                : synonyms.get(0).source();
    }

    private static String documentation(SettingTable table, String topicName) {
        LogSetting ofLog = LogSetting.ofTopicName(topicName).orElseThrow();
        for (String brokerName : ofLog.brokerNames()) {
            Setting setting = table.find(brokerName);
            if (setting != null) {
                return setting.doc();
            }
        }
        return switch (ofLog) {
            case FOLLOWER_THROTTLED_REPLICAS ->
                "The replicas that followers copy no faster than their throttle lets them";
            case LEADER_THROTTLED_REPLICAS ->
                "The replicas that leaders let be copied no faster than their throttle lets them";
            case SETTINGS_UNCONFIRMED -> "Whether nobody knows the topic's settings, so that nothing of it may go";
            default -> "Kept for compatibility; there is no tiered storage";
        };
    }

    private static SettingType type(LogSetting.Type type) {
        return switch (type) {
            case BOOLEAN -> SettingType.BOOLEAN;
            case STRING -> SettingType.STRING;
            case INT -> SettingType.INT;
            case LONG -> SettingType.LONG;
            case DOUBLE -> SettingType.DOUBLE;
            case LIST -> SettingType.LIST;
        };
    }
}
