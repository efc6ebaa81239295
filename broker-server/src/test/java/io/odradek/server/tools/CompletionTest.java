package io.odradek.server.tools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.odradek.server.clients.Finished;
import io.odradek.server.clients.ForeignTool;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompletionTest {
    private static final Path BASH = Path.of("/bin/bash");

    @TempDir
    private Path folder;

    @Test
    void itIsTheSameWhenItIsWrittenAgain() {
        assertThat(Completion.script()).isEqualTo(Completion.script());
    }

    @Test
    void bashCompletesToolsAndTheirOptions() throws Exception {
        assumeThat(BASH).exists();
        Path script = folder.resolve("odradek.bash");
        Completion.main(new String[] {script.toString()});

        assertThat(completed(script, "").split(" "))
                .contains(Tools.all().stream().map(Tools.Entry::name).toArray(String[]::new));
        assertThat(completed(script, "top")).isEqualTo("topics");
        assertThat(completed(script, "topics --under-rep")).isEqualTo("--under-replicated-partitions");
        assertThat(completed(script, "groups --zoo")).isEmpty();
    }

    /** Types in a shell that has a terminal, and waits until it shows what was completed. */
    @Test
    void zshCompletesThemToo() throws Exception {
        Path script = folder.resolve("odradek.bash");
        Completion.main(new String[] {script.toString()});
        Path run = Files.writeString(folder.resolve("run.zsh"), """
                zmodload zsh/zpty
                zpty shell env TERM=dumb "$1" -f -i
                shows() { # WHAT
                    local shown= part= i
                    for i in {1..600}; do
                        while zpty -r -t shell part; do shown+=$part; done
                        [[ $shown != *$1* ]] || return 0
                        sleep 0.1
                    done
                    print -r -- "Not $1 but: ${(V)shown}"
                    exit 1
                }
                zpty -w shell "autoload -U compinit && compinit -u -D; source '$2'; print READY-\\$((40 + 2))"
                shows READY-42
                zpty -w -n shell $'odradek top\t'
                shows 'topics '
                zpty -w -n shell $'--under-rep\t'
                shows '--under-replicated-partitions '
                """);
        String zsh = ForeignTool.command("zsh", "zsh");
        Finished finished = Finished.run(
                new ProcessBuilder(zsh, "-f", run.toString(), zsh, script.toString()), "", Duration.ofSeconds(120));
        assertThat(finished.status()).as(finished.output() + finished.errors()).isZero();
    }

    /** {@return what the last word becomes} */
    private String completed(Path script, String typed) throws Exception {
        String words = typed.isEmpty() ? "''" : Arrays.stream(typed.split(" ")).collect(Collectors.joining(" "));
        Path run = Files.writeString(folder.resolve("run.bash"), """
                compopt() { :; }
                source '%s'
                COMP_WORDS=(odradek %s)
                COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
                _complete_odradek
                echo "${COMPREPLY[*]}"
                """.formatted(script, words));
        Finished finished =
                Finished.run(new ProcessBuilder(BASH.toString(), "--norc", run.toString()), "", Duration.ofSeconds(60));
        assertThat(finished.errors()).isEmpty();
        return finished.output().strip().replace('\n', ' ');
    }
}
