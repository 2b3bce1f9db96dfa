package io.baton.orchestrator.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.openqa.selenium.Keys;

/** What an operator does with the console, in a real browser, against an orchestrator that is played. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ConsoleBrowserIT {

    private static final String SAGA = "sagas/" + MockFixtures.id(0);

    private MockOrchestrator orchestrator;
    private Browser browser;

    /** Each page with words that are there once it is loaded, with data and without. */
    static Stream<List<String>> pages() {
        return Stream.of(
                List.of("overview", "Need a person", "nothing is stuck"),
                List.of("groups", "403 sagas in 3 groups", "None is."),
                List.of("sagas", "Older", "There are no sagas yet."),
                List.of(SAGA, "Stuck at delivery", "Stuck at delivery"),
                List.of(SAGA + "?view=sequence", "Copy as Mermaid", "Copy as Mermaid"),
                List.of(SAGA + "?view=data", "personal data are hidden", "personal data are hidden"),
                List.of("bulk", "271 granted", "None was run yet."),
                List.of("bulk/new?action=retry&state=STUCK&step=delivery", "388 sagas match", "388 sagas match"),
                List.of("bulk/0JTRUN", "280 of 388", "280 of 388"),
                List.of("deadletters", "Discarded", "No record was put aside."),
                List.of("deadletters/delivery.commands-2-118", "Lies at", "Lies at"),
                List.of("holds", "carrier has an incident", "Nothing is held back."),
                List.of("audit", "ticket 4711", "Nobody has done anything yet."),
                List.of("definitions", "ScheduleDelivery", "ScheduleDelivery"),
                List.of("faults", "Gateway down", "Gateway down"),
                List.of("runbook/OUTCOME_UNKNOWN", "What it means", "What it means"));
    }

    @BeforeAll
    void start() {
        assumeTrue(Browser.isInstalled() || "required".equals(System.getenv("BATON_BROWSER")),
                "No browser: these tests need Debian's packages chromium and chromium-driver (apt-get install).");
        orchestrator = new MockOrchestrator(0);
        browser = new Browser();
    }

    @AfterAll
    void stop() {
        if (browser != null) {
            browser.close();
            orchestrator.close();
        }
    }

    @BeforeEach
    void reset() {
        orchestrator.reset();
        browser.prefer("light");
        browser.resize(1400, 900);
    }

    @AfterEach
    void nothing_was_complained_of() {
        assertThat(browser.complaints()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("pages")
    void every_page_keeps_the_rules_of_accessibility_wide_and_light_narrow_and_dark_and_empty(List<String> page) {
        for (int width : List.of(1400, 390)) {
            String scheme = width == 1400 ? "light" : "dark";
            browser.prefer(scheme);
            browser.resize(width, width == 1400 ? 900 : 844);
            open(page.get(0));
            browser.sees(page.get(1));
            String name = page.get(0).replaceAll("[^a-z]+", "-") + "-" + scheme + "-" + width;
            browser.screenshot(name);
            assertThat(browser.breaches()).as(name).isEmpty();
            assertThat(browser.overflow()).as(name).isZero();
        }
        browser.resize(360, 740);
        assertThat(browser.overflow()).as("360 pixels").isZero();
        orchestrator.data.empty = true;
        browser.resize(1400, 900);
        open(page.get(0));
        browser.sees(page.get(2));
        assertThat(browser.breaches()).as("with no data").isEmpty();
    }

    @ParameterizedTest
    @MethodSource("pages")
    void hostile_text_is_shown_as_text(List<String> page) {
        orchestrator.data.hostile = true;
        open(page.get(0));
        browser.until("be loaded", () -> !browser.all("main h1").isEmpty());
        browser.resize(390, 844);
        assertThat(browser.all("main img, main script, main iframe")).isEmpty();
        assertThat(browser.title()).isNotEqualTo("owned");
        assertThat(browser.overflow()).isZero();
        if (List.of("groups", SAGA, "audit", "holds", "deadletters").contains(page.get(0))) {
            browser.sees("<img src=x onerror=");
        }
    }

    @Test
    void a_silent_orchestrator_is_said_in_plain_sight_and_what_was_shown_stays() {
        open("overview");
        browser.sees("Need a person");
        orchestrator.down = true;
        browser.sees("Data is");
        browser.sees("What you see may have changed.");
        browser.sees("Need a person");
        browser.screenshot("stale");
        assertThat(browser.breaches()).isEmpty();
        orchestrator.down = false;
        browser.seesNoMore("What you see may have changed.");
    }

    @Test
    void a_saga_is_retried_with_the_keyboard_alone() {
        open("overview");
        browser.sees("Need a person");
        browser.type("/");
        browser.type("0JT9ZB7000000", Keys.ENTER);
        browser.sees("Select sagas to act");
        browser.tabTo("0JT9ZB7000000");
        browser.type(Keys.ENTER);
        browser.sees("What can be done");
        browser.tabTo("Retry");
        browser.type(Keys.ENTER);
        browser.sees("Sends ScheduleDelivery to delivery as attempt 7");
        browser.screenshot("dialog");
        assertThat(browser.breaches()).isEmpty();
        browser.type("carrier is back");
        browser.tabTo("Retry");
        browser.type(Keys.ENTER);
        browser.sees("accepted, not yet effective");
        assertThat(done()).singleElement().satisfies(wish -> {
            assertThat(wish.path()).isEqualTo(SAGA + "/retry");
            assertThat(wish.body()).containsEntry("reason", "carrier is back").containsEntry("expectedVersion", 9).containsKey("requestId");
        });
    }

    @Test
    void pressing_again_after_a_silence_is_the_same_request() {
        open(SAGA);
        browser.press("Retry …");
        browser.sees("Sent now");
        orchestrator.silentOnce = true;
        browser.type("carrier is back");
        browser.press("Retry");
        browser.sees("takes effect once");
        browser.press("Press again");
        browser.sees("accepted, not yet effective");
        assertThat(done()).hasSize(2).extracting(wish -> wish.body().get("requestId")).doesNotContainNull().containsOnly(
                done().getFirst().body().get("requestId"));
    }

    @Test
    void a_saga_that_changed_meanwhile_is_looked_at_again_before_anything_is_done() {
        open(SAGA);
        browser.press("Skip …");
        browser.sees("Sent now");
        orchestrator.change();
        browser.find("dialog textarea").sendKeys("see ticket");
        browser.press("Skip");
        browser.sees("The saga has changed meanwhile");
        browser.press("Look at it as it is now");
        browser.sees("Sent now");
        browser.press("Skip");
        browser.sees("accepted, not yet effective");
        assertThat(done().getLast().body()).containsEntry("expectedVersion", 10).containsEntry("step", "delivery");
    }

    @Test
    void nothing_is_assumed_of_what_an_operator_found_out() {
        open(SAGA);
        browser.press("Resolve …");
        browser.sees("Answer the questions above.");
        browser.find("dialog input[value=false]").click();
        browser.sees("Sent now");
        browser.find("dialog textarea").sendKeys("carrier says no");
        browser.press("Resolve");
        browser.sees("accepted, not yet effective");
        assertThat(done()).singleElement().satisfies(wish -> assertThat(wish.body()).containsEntry("took", false).containsEntry("step", "delivery"));
    }

    @Test
    void a_viewer_is_told_why_he_cannot_act() {
        orchestrator.data.viewer = true;
        for (String page : List.of(SAGA, "groups", "holds", "deadletters/delivery.commands-2-118")) {
            open(page);
            browser.until("be refused", () -> browser.all("main button[aria-disabled=true]").stream()
                    .anyMatch(button -> "The role viewer may look and not act.".equals(button.getAttribute("title"))));
            browser.all("main button[aria-disabled=true]").getFirst().click();
            browser.until("hear why", () -> browser.find("#said").getText().contains("may look and not act"));
            assertThat(browser.all("dialog[open]")).isEmpty();
        }
        assertThat(orchestrator.wishes).isEmpty();
    }

    @Test
    void a_group_is_retried_in_bulk_pinned_followed_and_cancelled() {
        open("groups");
        browser.press("Resolve …");
        browser.sees("Answer the questions first.");
        open("groups");
        browser.sees("Outcome unknown");
        browser.press("Retry …");
        browser.sees("388 sagas match, 379 of them can be retried now.");
        browser.press("10");
        browser.find("main textarea").sendKeys("carrier is back");
        browser.press("Retry 10 sagas");
        browser.sees("280 of 388");
        assertThat(done()).singleElement().satisfies(wish -> assertThat(wish.body())
                .containsEntry("expectedCount", 388).containsEntry("limit", 10).containsEntry("maxPerSecond", 20)
                .containsEntry("step", "delivery").containsEntry("reason", "carrier is back"));
        browser.press("Cancel what is not done yet");
        browser.type("that is enough");
        browser.press("Cancel");
        browser.sees("Cancelled");
        assertThat(done().getLast().method()).isEqualTo("DELETE");
    }

    @Test
    void what_was_previewed_of_one_action_is_not_shown_for_another_nor_done() {
        open("bulk/new?action=retry&state=STUCK&step=delivery");
        browser.sees("379 of them can be retried now.");
        browser.find("main textarea").sendKeys("carrier is back");
        browser.until("be ready", () -> browser.all("main button[type=submit][aria-disabled]").isEmpty());

        orchestrator.holdDryRuns();
        browser.find("main select option[value=compensate]").click();
        browser.sees("Compensate many");
        browser.find("main textarea").sendKeys("!");
        browser.sees("Wait for the preview.");
        assertThat(browser.text()).doesNotContain("379 of them");
        browser.find("main button[type=submit]").click();
        assertThat(done()).isEmpty();

        orchestrator.letDryRunsGo();
        browser.sees("379 of them can be compensated now.");
    }

    @Test
    void a_bulk_that_was_not_answered_is_the_same_when_it_is_sent_again() {
        open("bulk/new?action=retry&state=STUCK&step=delivery");
        browser.sees("379 of them can be retried now.");
        browser.find("main textarea").sendKeys("carrier is back");
        orchestrator.silentOnce = true;
        browser.press("Retry 388 sagas");
        browser.sees("takes effect once");
        int asked = orchestrator.asked("sagadefinitions");
        browser.until("have asked again", () -> orchestrator.asked("sagadefinitions") > asked);
        browser.press("Press again");
        browser.sees("280 of 388");
        assertThat(done()).hasSize(2);
        assertThat(done().getFirst().body()).isEqualTo(done().getLast().body());
    }

    @Test
    void selected_sagas_are_acted_on_together() {
        open("sagas");
        browser.find("tbody tr:nth-child(1) input").click();
        browser.find("tbody tr:nth-child(6) input").click();
        browser.sees("2 sagas selected");
        browser.press("Retry …");
        browser.sees("2 selected sagas.");
        assertThat(orchestrator.wishes.getLast().body()).containsEntry("ids", MockFixtures.id(0) + "," + MockFixtures.id(5));
    }

    @Test
    void what_is_shown_stands_in_the_address() {
        open("sagas");
        browser.find("select[name=state] option[value=STUCK]").click();
        browser.until("have it in the address", () -> browser.address().endsWith("#/sagas?state=STUCK"));
        browser.find("input[name=error]").sendKeys("OUT_OF_STOCK", Keys.TAB);
        browser.until("have both", () -> browser.address().endsWith("#/sagas?state=STUCK&error=OUT_OF_STOCK"));
        browser.open(browser.address());
        browser.sees("Clear the filters");
        assertThat(browser.find("select[name=state]").getDomProperty("value")).isEqualTo("STUCK");
        assertThat(browser.find("input[name=error]").getDomProperty("value")).isEqualTo("OUT_OF_STOCK");
    }

    @Test
    void personal_data_is_shown_when_it_was_asked_for_with_a_reason() {
        open(SAGA + "?view=data");
        browser.sees("•••");
        browser.press("Show personal data …");
        browser.type("the customer is on the phone");
        browser.press("Show");
        browser.sees("Main Street 1");
        assertThat(done()).singleElement().satisfies(wish -> assertThat(wish.path()).endsWith("/reveal"));
        browser.press("Hide again");
        browser.seesNoMore("Main Street 1");
    }

    @Test
    void a_dead_letter_is_redriven_and_a_step_is_held() {
        open("deadletters/delivery.commands-2-118");
        browser.press("Redrive …");
        browser.type("the consumer is mended");
        browser.press("Redrive");
        browser.until("have redriven", () -> done().size() == 1);
        open("holds?definition=order-fulfilment&step=delivery");
        browser.press("Hold …");
        browser.find("dialog textarea").sendKeys("carrier has an incident");
        browser.press("Hold");
        browser.until("hold", () -> done().size() == 2);
        assertThat(done().getLast().body()).containsEntry("definition", "order-fulfilment").containsEntry("step", "delivery");
    }

    @Test
    void a_retry_after_which_nobody_answered_either_did_not_help() {
        open(SAGA);
        browser.press("Retry …");
        browser.sees("Sent now");
        browser.type("carrier is back");
        browser.press("Retry");
        browser.sees("accepted, not yet effective");
        orchestrator.data.silentAgain = true;
        browser.sees("Retry by olga did not help");
        browser.sees("Last heard: timer, no answer in time.");
    }

    @Test
    void what_has_the_focus_keeps_it_while_the_page_is_drawn_anew() {
        open("overview");
        browser.sees("Need a person");
        browser.run("document.querySelector('nav a[href=\"#/groups\"]').focus()");
        int asked = orchestrator.asked("sagastats");
        browser.until("have been drawn anew", () -> orchestrator.asked("sagastats") > asked + 2);
        assertThat(browser.focused()).startsWith("Stuck");
    }

    @Test
    void what_does_not_grow_old_is_not_called_old() {
        open("runbook/OUTCOME_UNKNOWN");
        browser.sees("What it means");
        browser.run("const real = Date.now; Date.now = () => real() + 60_000;");
        browser.until("have looked at the clock", () -> browser.find(".fresh").getText().isEmpty());
        assertThat(browser.text()).doesNotContain("Data is");
    }

    @Test
    void an_empty_page_of_many_says_that_there_is_more_to_look_at() {
        orchestrator.data.furtherOn = true;
        open("sagas?error=OUT_OF_STOCK");
        browser.sees("None among those that were looked at. Look further.");
        assertThat(browser.text()).doesNotContain("No saga matches.");
    }

    @Test
    void a_snooze_that_was_not_answered_is_the_same_when_it_is_sent_again() {
        open(SAGA);
        browser.press("Snooze …");
        browser.find("dialog textarea").sendKeys("carrier has an incident");
        orchestrator.silentOnce = true;
        browser.press("Snooze");
        browser.sees("takes effect once");
        browser.press("Press again");
        browser.until("have been sent again", () -> done().size() == 2);
        assertThat(done().getFirst().body()).isEqualTo(done().getLast().body()).containsKey("until");
    }

    @Test
    void only_what_went_wrong_is_shown_when_asked() {
        open(SAGA);
        browser.sees("9 of 9 lines");
        browser.find("main .button").click();
        browser.sees("6 of 9 lines");
        assertThat(browser.address()).contains("failed=true");
        browser.sees("stale: changes nothing");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "format.js | m.duration(42)                                          | 42 ms",
        "format.js | m.duration(200000)                                      | 3 min 20 s",
        "format.js | m.duration(m.millis('P1DT1H'))                          | 1 d 1 h",
        "format.js | m.ago('2026-01-01T00:00:00Z', Date.parse('2026-01-01T00:05:30Z')) | 5 min ago",
        "route.js  | m.link('sagas', 'a/b', { state: 'STUCK', step: '' })    | #/sagas/a%2Fb?state=STUCK",
        "route.js  | JSON.stringify(m.parse('#/sagas/a%2Fb?q=x%26y'))        | {\"page\":\"sagas\",\"id\":\"a/b\",\"params\":{\"q\":\"x&y\"}}",
        "api.js    | m.curl('POST', 'sagas/1/note', { text: \"it's\" }).includes(\"it'\\\\''s\") | true",
        "words.js  | m.sentence({ state: 'COMPENSATING', step: 'payment', attempt: 2 }) | It is being undone at payment, attempt 2.",
    })
    void the_small_functions_say(String module, String expression, String expected) {
        if (!browser.address().contains("sagaconsole")) {
            open("runbook");
        }
        assertThat(browser.module("const m = await load('" + module.strip() + "'); return String(" + expression + ");")).isEqualTo(expected);
    }

    @Test
    void a_command_stands_in_the_line_that_sent_it_until_it_is_answered() {
        open("runbook");
        assertThat(browser.module("""
                const { story } = await load('story.js');
                const at = (s) => new Date(s * 1000).toISOString();
                const rows = story({ log: [
                  { seq: 1, at: at(0), to: 'STARTED', outcome: 'STARTED' },
                  { seq: 2, at: at(10), from: 'STARTED', to: 'STARTED', message: 'Charge', step: 'payment', direction: 'ACTION', attempt: 1, outcome: 'TIMEOUT' },
                  { seq: 3, at: at(12), from: 'STARTED', to: 'PAID', message: 'Charge', step: 'payment', direction: 'ACTION', attempt: 2, outcome: 'DONE' }],
                  steps: [{ name: 'stock', status: 'SENT', attempt: 1 }] });
                return rows.map((r) => r.outgoing.map((o) => o.command + o.attempt + (o.outcome || 'OPEN')).join()).join(' ');"""))
                .isEqualTo("Charge1TIMEOUT Charge2DONE stock1OPEN");
    }

    @Test
    void a_command_that_an_operator_had_sent_again_stands_in_the_operators_line() {
        open("runbook");
        assertThat(browser.module("""
                const { story } = await load('story.js');
                const at = (s) => new Date(s * 1000).toISOString();
                const rows = story({ log: [
                  { seq: 1, at: at(0), to: 'STARTED', outcome: 'STARTED' },
                  { seq: 2, at: at(10), from: 'STARTED', to: 'STUCK', message: 'Charge', step: 'payment', direction: 'ACTION', attempt: 1, outcome: 'TIMEOUT' },
                  { seq: 3, at: at(99), from: 'STUCK', to: 'STARTED', outcome: 'RETRIED', actor: 'olga' },
                  { seq: 4, at: at(100), from: 'STARTED', to: 'STARTED', outcome: 'EXTENDED', actor: 'olga' },
                  { seq: 5, at: at(101), from: 'STARTED', to: 'PAID', message: 'Charge', step: 'payment', direction: 'ACTION', attempt: 2, outcome: 'DONE' },
                  { seq: 6, at: at(102), from: 'PAID', to: 'PAID', outcome: 'EXTENDED', actor: 'olga' },
                  { seq: 7, at: at(103), from: 'PAID', to: 'RESERVED', message: 'Reserve', step: 'stock', direction: 'ACTION', attempt: 1, outcome: 'DONE' }],
                  steps: [] });
                return rows.map((r) => r.seq + ':' + r.outgoing.map((o) => o.command + o.attempt).join()).join(' ') + ' took ' + rows[4].took;"""))
                .isEqualTo("1:Charge1 2: 3:Charge2 4: 5:Reserve1 6: 7: took 2000");
    }

    private void open(String page) {
        browser.open(orchestrator.url() + "#/" + page);
    }

    /** Writes that were meant: without dry runs. */
    private List<MockOrchestrator.Wish> done() {
        return orchestrator.wishes.stream().filter(wish -> !wish.body().containsKey("dryRun")).toList();
    }
}
