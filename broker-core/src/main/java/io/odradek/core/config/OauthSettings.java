package io.odradek.core.config;

import static io.odradek.core.config.Allowed.ANY;
import static io.odradek.core.config.Allowed.atLeast;

/** Tokens of OAUTHBEARER (KIP-768): how those of clients are checked, and where this broker's own come from. */
final class OauthSettings {
    private OauthSettings() {}

    static void declare(SettingTable table) {
        table.effect(Setting.Effect.REFUSED);
        declareOwnLogin(table);
        table.effect(Setting.Effect.SERVED);
        declareChecks(table);
        declareKeys(table);
    }

    private static void declareOwnLogin(SettingTable table) {
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
