package io.odradek.core.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

class ListenerSettingsTest {
    @Test
    void whatIsSetForTheListenerIsStrongerThanWhatIsSetForAll() {
        BrokerConfig config = BrokerConfig.of(Map.of(
                "ssl.keystore.location", "all.jks",
                "ssl.truststore.location", "trust.jks",
                "listener.name.external.ssl.keystore.location", "external.jks"));

        ListenerSettings external = config.ofListener("EXTERNAL");
        ListenerSettings internal = config.ofListener("INTERNAL");

        assertThat(external.text("ssl.keystore.location")).isEqualTo("external.jks");
        assertThat(external.isOwn("ssl.keystore.location")).isTrue();
        assertThat(external.strongest("ssl.keystore.location"))
                .isEqualTo("listener.name.external.ssl.keystore.location");
        assertThat(external.text("ssl.truststore.location")).isEqualTo("trust.jks");
        assertThat(external.isOwn("ssl.truststore.location")).isFalse();
        assertThat(internal.text("ssl.keystore.location")).isEqualTo("all.jks");
        assertThat(internal.list("sasl.enabled.mechanisms")).containsExactly("GSSAPI");
        assertThat(internal.int32("sasl.server.max.receive.size")).isEqualTo(524_288);
    }

    @Test
    void whatIsSetForTheMechanismIsStrongerStill() {
        BrokerConfig config = BrokerConfig.of(Map.of(
                "sasl.jaas.config", "of all",
                "listener.name.sasl_ssl.sasl.jaas.config", "of the listener",
                "listener.name.sasl_ssl.scram-sha-256.sasl.jaas.config", "of SCRAM",
                "connections.max.reauth.ms", "5000",
                "listener.name.sasl_ssl.plain.connections.max.reauth.ms", "60000"));

        ListenerSettings listener = config.ofListener("SASL_SSL");

        assertThat(listener).hasToString("Listener sasl_ssl");
        assertThat(listener.ofMechanism("PLAIN")).hasToString("Listener sasl_ssl");
        assertThat(listener.ofMechanism("SCRAM-SHA-256").text("sasl.jaas.config"))
                .isEqualTo("of SCRAM");
        assertThat(listener.ofMechanism("PLAIN").text("sasl.jaas.config")).isEqualTo("of the listener");
        assertThat(listener.ofMechanism("PLAIN").int64("connections.max.reauth.ms"))
                .isEqualTo(60_000);
        assertThat(listener.int64("connections.max.reauth.ms")).isEqualTo(5_000);
        assertThat(config.ofListener("OTHER").ofMechanism("PLAIN").text("sasl.jaas.config"))
                .isEqualTo("of all");
    }

    @Test
    void aValueOfOneListenerIsCheckedAsOneOfAllIsAndASecretIsHidden() {
        assertThatThrownBy(() -> BrokerConfig.of(Map.of("listener.name.a.ssl.client.auth", "perhaps")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("listener.name.a.ssl.client.auth")
                .hasMessageContaining("required");

        BrokerConfig config = BrokerConfig.of(Map.of("listener.name.a.ssl.key.password", "hunter2"));
        assertThat(config.changes()).containsEntry("listener.name.a.ssl.key.password", "[hidden]");
        ConfigEntry shown = config.entries().stream()
                .filter(entry -> entry.name().equals("listener.name.a.ssl.key.password"))
                .findFirst()
                .orElseThrow();
        assertThat(shown.sensitive()).isTrue();
        assertThat(shown.value()).isNull();
        assertThat(shown.synonyms()).hasSize(1);
    }

    @Test
    void onlyWhatAListenerCanHaveOfItsOwnTakesThePrefix() {
        assertThat(ListenerSettings.baseName("listener.name.a.log.dirs")).isNull();
        assertThat(ListenerSettings.baseName("listener.name.a.plain.ssl.protocol"))
                .isNull();
        assertThat(ListenerSettings.baseName("ssl.protocol")).isNull();
        assertThat(ListenerSettings.baseName("listener.name.a.max.connections")).isEqualTo("max.connections");
        assertThat(ListenerSettings.baseName("listener.name.a.max.connections.per.ip"))
                .isNull();
        assertThat(BrokerConfig.of(Map.of("listener.name.a.log.dirs", "x")).warnings())
                .containsExactly("Unknown setting listener.name.a.log.dirs is ignored");
    }
}
