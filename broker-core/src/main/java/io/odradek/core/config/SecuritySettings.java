package io.odradek.core.config;

import static io.odradek.core.config.Allowed.ANY;
import static io.odradek.core.config.Allowed.atLeast;
import static io.odradek.core.config.Allowed.oneOf;

/** TLS, SASL, authorization: known, and refused as long as nothing comes of them. Tokens of OAUTHBEARER are those of KIP-768. */
final class SecuritySettings {
    /** None, and the names of Kafka's own with ZooKeeper, by which ours goes: any other would decide otherwise. */
    private static final String[] AUTHORIZERS = {
        "", "kafka.security.authorizer.AclAuthorizer", "kafka.security.auth.SimpleAclAuthorizer"
    };

    /** None, and Kafka's own ways to a token for brokers' logins, which are ours too: anything else would do otherwise. */
    private static final String[] TOKEN_LOGINS = {
        "",
        "org.apache.kafka.common.security.oauthbearer.secured.OAuthBearerLoginCallbackHandler",
        "org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginCallbackHandler",
        "org.apache.kafka.common.security.oauthbearer.internals.unsecured.OAuthBearerUnsecuredLoginCallbackHandler"
    };

    private SecuritySettings() {}

    static void declare(SettingTable table) {
        declareCommon(table);
        declareTokens(table);
        declareStores(table);
        declareTls(table);
        declareSasl(table);
        table.effect(Setting.Effect.SERVED);
        declareOwnLogin(table);
        declareChecks(table);
        declareKeys(table);
        table.effect(Setting.Effect.SERVED);
    }

    private static void declareCommon(SettingTable table) {
        table.word(
                "security.inter.broker.protocol",
                "PLAINTEXT",
                oneOf("PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"),
                "The protocol between brokers");
        table.flag("allow.everyone.if.no.acl.found", false, "Whether what no ACL names is allowed");
        table.word("authorizer.class.name", "", oneOf(AUTHORIZERS), "Decides who may do what");
        table.text("super.users", null, "Who may do everything, as User:name;User:name");
        table.int32(
                "odradek.authorizer.cache.names",
                200,
                atLeast(0),
                "Names of resources that decisions of the authorizer are kept of, for each connection");
        table.secret("password.encoder.secret", "Encrypts passwords kept as dynamic settings");
        table.secret("password.encoder.old.secret", "The secret before it, to read what it encrypted");
        table.text("password.encoder.keyfactory.algorithm", null, "How a key is made of it");
        table.text("password.encoder.cipher.algorithm", "AES/CBC/PKCS5Padding", "How that encrypts");
        table.int32("password.encoder.key.length", 128, atLeast(8), "The bits of that key");
        table.int32("password.encoder.iterations", 4096, atLeast(1024), "How often it is hashed on its way");
        table.effect(Setting.Effect.REFUSED);
        table.className("principal.builder.class", "Makes a principal of a connection");
        table.items("security.providers", null, "Security providers to install");
    }

    private static void declareTokens(SettingTable table) {
        table.effect(Setting.Effect.SERVED);
        table.secret("delegation.token.secret.key", "Makes the secrets of delegation tokens, the same for all brokers");
        table.secret("delegation.token.master.key", "Older name of delegation.token.secret.key");
        table.int64("delegation.token.max.lifetime.ms", 604800000L, atLeast(1), "The longest life of a token");
        table.int64(
                "delegation.token.expiry.time.ms", 86400000L, atLeast(1), "The life of a token that is not renewed");
        table.int64(
                "delegation.token.expiry.check.interval.ms", 3600000L, atLeast(1), "How often tokens are looked at");
        table.int32("odradek.delegation.tokens.max", 10_000, atLeast(0), "With how many tokens no more are made");
        table.int32(
                "odradek.delegation.token.max.bytes",
                8_192,
                atLeast(0),
                "How many bytes of the cluster's tree a token may take");
    }

    private static void declareStores(SettingTable table) {
        table.effect(Setting.Effect.SERVED);
        table.text("ssl.keystore.type", "JKS", "The type of the key store");
        table.text("ssl.keystore.location", null, "The key store");
        table.secret("ssl.keystore.password", "Its password");
        table.secret("ssl.key.password", "The key's password");
        table.secret("ssl.keystore.key", "The key itself, in PEM");
        table.secret("ssl.keystore.certificate.chain", "The certificates, in PEM");
        table.text("ssl.truststore.type", "JKS", "The type of the trust store");
        table.text("ssl.truststore.location", null, "The trust store");
        table.secret("ssl.truststore.password", "Its password");
        table.secret("ssl.truststore.certificates", "The trusted certificates, in PEM");
    }

    private static void declareTls(SettingTable table) {
        table.word(
                "ssl.client.auth", "none", oneOf("required", "requested", "none"), "Whether clients show certificates");
        table.text("ssl.protocol", "TLSv1.3", "TLS version");
        table.list("ssl.enabled.protocols", "TLSv1.2,TLSv1.3", ANY, "TLS versions taken");
        table.list("ssl.cipher.suites", "", ANY, "Cipher suites taken");
        table.text("ssl.provider", null, "The security provider of TLS");
        table.text("ssl.keymanager.algorithm", "SunX509", "Key manager");
        table.text("ssl.trustmanager.algorithm", "PKIX", "Trust manager");
        table.text("ssl.endpoint.identification.algorithm", "https", "How a peer's name is checked");
        table.text("ssl.principal.mapping.rules", "DEFAULT", "Makes short names of distinguished names");
        table.int32(
                "odradek.tls.handshake.timeout.ms",
                30_000,
                atLeast(1),
                "How long a connection may take until its bytes are encrypted");
        table.int64(
                "odradek.tls.stores.check.interval.ms",
                10_000L,
                atLeast(0),
                "How often the files of key stores and trust stores are looked at for changes; 0 for never");
        table.flag("ssl.allow.dn.changes", false, "Whether a changed key store may have another name");
        table.flag("ssl.allow.san.changes", false, "Whether a changed key store may have other alternative names");
        table.effect(Setting.Effect.REFUSED);
        table.text("ssl.secure.random.implementation", null, "Source of randomness");
        table.className("ssl.engine.factory.class", "Makes TLS engines");
    }

    private static void declareSasl(SettingTable table) {
        table.text("sasl.mechanism.controller.protocol", "GSSAPI", "The mechanism with controllers");
        table.effect(Setting.Effect.SERVED);
        table.text("sasl.mechanism.inter.broker.protocol", "GSSAPI", "The mechanism between brokers");
        table.list("sasl.enabled.mechanisms", "GSSAPI", ANY, "The mechanisms served");
        table.secret("sasl.jaas.config", "Login modules");
        table.int64("connections.max.reauth.ms", 0L, ANY, "How long a login is valid; 0 for ever");
        table.int32(
                "sasl.server.max.receive.size", 524288, atLeast(0), "The longest message before a login is complete");
        table.int64(
                "odradek.authentication.timeout.ms", 30_000L, atLeast(1), "How long a connection may take to log in");
        table.className("sasl.server.callback.handler.class", "Checks logins");
        table.int32(
                "odradek.login.threads",
                4,
                atLeast(1),
                "How many logins are decided at once by what sasl.server.callback.handler.class names");
        table.int32(
                "odradek.login.max.waiting", 1000, atLeast(1), "How many more of them may wait; others are refused");
        table.effect(Setting.Effect.REFUSED);
        table.className("sasl.client.callback.handler.class", "Provides this broker's own login");
        table.className("sasl.login.class", "Logs this broker in");
        table.text("sasl.kerberos.service.name", null, "Kerberos service");
        table.text("sasl.kerberos.kinit.cmd", "/usr/bin/kinit", "Kerberos login command");
        table.real("sasl.kerberos.ticket.renew.window.factor", 0.8, ANY, "Part of a ticket's life before its renewal");
        table.real("sasl.kerberos.ticket.renew.jitter", 0.05, ANY, "Random part of that");
        table.int64("sasl.kerberos.min.time.before.relogin", 60000L, ANY, "Wait between two logins");
        table.list("sasl.kerberos.principal.to.local.rules", "DEFAULT", ANY, "Makes short names of Kerberos names");
    }

    private static void declareOwnLogin(SettingTable table) {
        table.className(
                "sasl.login.callback.handler.class",
                oneOf(TOKEN_LOGINS),
                "Provides the token of this broker's own login");
        table.real("sasl.login.refresh.window.factor", 0.8, ANY, "Part of a token's life before its renewal");
        table.real("sasl.login.refresh.window.jitter", 0.05, ANY, "Random part of that");
        table.int16("sasl.login.refresh.min.period.seconds", 60, ANY, "Wait before a token is renewed");
        table.int16("sasl.login.refresh.buffer.seconds", 300, ANY, "Time left in which it must be");
        table.int32("sasl.login.connect.timeout.ms", null, ANY, "Wait for a connection to the token endpoint");
        table.int32("sasl.login.read.timeout.ms", null, ANY, "Wait for the token endpoint's answer");
        table.int64("sasl.login.retry.backoff.ms", 100L, ANY, "Wait before the token endpoint is asked again");
        table.int64("sasl.login.retry.backoff.max.ms", 10000L, ANY, "Upper bound of that wait");
        table.text("sasl.oauthbearer.token.endpoint.url", null, "Where tokens come from");
    }

    private static void declareChecks(SettingTable table) {
        table.text("sasl.oauthbearer.scope.claim.name", "scope", "The claim with the scope");
        table.text("sasl.oauthbearer.sub.claim.name", "sub", "The claim with the subject");
        table.int32("sasl.oauthbearer.clock.skew.seconds", 30, atLeast(0), "Difference of clocks that is borne");
        table.list("sasl.oauthbearer.expected.audience", null, ANY, "Whom a token must be for");
        table.text("sasl.oauthbearer.expected.issuer", null, "Whom a token must be from");
    }

    private static void declareKeys(SettingTable table) {
        table.text("sasl.oauthbearer.jwks.endpoint.url", null, "Where keys come from");
        table.int64("sasl.oauthbearer.jwks.endpoint.refresh.ms", 3600000L, atLeast(1), "How often they are fetched");
        table.int64(
                "sasl.oauthbearer.jwks.endpoint.retry.backoff.ms",
                100L,
                atLeast(0),
                "Wait before they are asked for again");
        table.int64(
                "sasl.oauthbearer.jwks.endpoint.retry.backoff.max.ms", 10000L, atLeast(0), "Upper bound of that wait");
        table.int64(
                "odradek.oauth.jwks.unknown.key.interval.ms",
                10_000L,
                atLeast(0),
                "How often tokens whose key is not known may have the keys fetched before their time");
        table.int32("odradek.oauth.jwks.timeout.ms", 20_000, atLeast(1), "How long fetching the keys may take");
        table.int32("odradek.oauth.jwks.max.bytes", 1_048_576, atLeast(1), "How long the text of the keys may be");
    }
}
