package io.rolehost.runtime.config;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigValueFactory;
import io.rolehost.freeze.CrashLoop;
import io.rolehost.runtime.config.HostSettings.Drain;
import io.rolehost.runtime.config.HostSettings.EndpointLimits;
import io.rolehost.runtime.config.HostSettings.EndpointSettings;
import io.rolehost.runtime.config.HostSettings.LocalResource;
import io.rolehost.runtime.config.HostSettings.Log;
import io.rolehost.runtime.config.HostSettings.Management;
import io.rolehost.runtime.config.HostSettings.OnReturn;
import io.rolehost.runtime.config.HostSettings.Profile;
import io.rolehost.runtime.config.HostSettings.Start;
import io.rolehost.runtime.config.HostSettings.StartupTask;
import io.rolehost.runtime.config.HostSettings.Stop;
import io.rolehost.runtime.config.HostSettings.Uncaught;
import io.rolehost.runtime.lifecycle.OnTimeout;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ConfigLoaderTest {

  @TempDir Path root;
  private Place place;

  @BeforeEach
  void makePlace() {
    place = new Place(root);
  }

  // ---- defaults of the profiles

  @Test
  void azure_nothingSet_hasItsDefaults() {
    assertEquals(
        new HostSettings(
            Profile.AZURE,
            "neither Kubernetes nor systemd nor a terminal",
            false,
            "default",
            "Photos",
            Optional.of("com.example.Photos"),
            List.of(),
            "Photos_IN_0",
            place.at("work/.rolehost"),
            Optional.empty(),
            new Start(ofMinutes(5), OnTimeout.DUMP_THEN_KILL, List.of()),
            OnReturn.RECYCLE,
            new Stop(
                ofMinutes(5),
                ofMinutes(10),
                new Drain(ofSeconds(5), ofSeconds(2), ofSeconds(20)),
                ofSeconds(2),
                OnTimeout.DUMP_THEN_KILL),
            Uncaught.END,
            ofSeconds(10),
            new Management(
                "127.0.0.1",
                8081,
                false,
                HostSettings.Tokens.NONE,
                List.of(),
                64,
                Optional.empty(),
                Optional.empty()),
            Map.of(),
            Map.of(),
            new Log(true, true, "INFO", 10L << 20, 10)),
        place.load().settings());
    assertEquals(
        new HostSettings.AutoFreeze(
            true, new CrashLoop.Limits(5, 3, ofMinutes(10), 10), ofMinutes(15)),
        place.load().autoFreeze());
  }

  @Test
  void kubernetes_byItsVariable_hasItsDefaults() {
    HostSettings found =
        place
            .variable("KUBERNETES_SERVICE_HOST", "10.0.0.1")
            .variable("NOTIFY_SOCKET", "/run/notify")
            .hostName("photos-12")
            .load()
            .settings();
    assertEquals(Profile.KUBERNETES, found.profile());
    assertTrue(found.log().json());
    assertEquals("KUBERNETES_SERVICE_HOST is set", found.profileReason());
    assertEquals("Photos_IN_12", found.instanceId());
    assertEquals(
        new Stop(
            ofSeconds(25),
            ofSeconds(25),
            new Drain(ofSeconds(5), ofSeconds(2), ofSeconds(25).dividedBy(3)),
            ofSeconds(2),
            OnTimeout.DUMP_THEN_KILL),
        found.stop());
    assertEquals("0.0.0.0", found.management().host());
    assertFalse(found.log().toFile());
    assertEquals(Optional.of(Path.of("/dev/termination-log")), found.terminationMessage());
  }

  @Test
  void terminationMessage_ofTheNodesChildOrSetToNothing_isNone() {
    place.variable("KUBERNETES_SERVICE_HOST", "10.0.0.1").variable("ROLEHOST_NODE", "1");
    assertEquals(Optional.empty(), place.load().settings().terminationMessage());
    Place alone = new Place(root).variable("KUBERNETES_SERVICE_HOST", "10.0.0.1");
    assertEquals(
        Optional.empty(),
        alone
            .packed("rolehost.termination-message-path = \"\"")
            .load()
            .settings()
            .terminationMessage());
    assertEquals(
        Optional.of(place.at("work/last/words")),
        alone
            .variable("ROLEHOST_TERMINATION_MESSAGE_PATH", "last/words")
            .load()
            .settings()
            .terminationMessage());
  }

  @Test
  void systemd_byItsSocketOrProcessId_hasItsDefaults() {
    HostSettings byPid = place.variable("SYSTEMD_EXEC_PID", "4711").terminal().load().settings();
    assertEquals("SYSTEMD_EXEC_PID is this process", byPid.profileReason());
    HostSettings found =
        place
            .variable("NOTIFY_SOCKET", "/run/notify")
            .variable("STATE_DIRECTORY", "/var/lib/photos:/var/lib/more")
            .load()
            .settings();
    assertEquals(Profile.SYSTEMD, found.profile());
    assertEquals("NOTIFY_SOCKET is set", found.profileReason());
    assertEquals(Path.of("/var/lib/photos"), found.stateDir());
    assertEquals(
        new Stop(
            ofSeconds(85),
            ofSeconds(170),
            new Drain(ofSeconds(5), ofSeconds(2), ofSeconds(20)),
            ofSeconds(2),
            OnTimeout.DUMP_THEN_KILL),
        found.stop());
    assertEquals("127.0.0.1", found.management().host());
    assertFalse(found.log().toFile());
  }

  @Test
  void dev_atATerminal_hasItsDefaults() {
    Loaded loaded = place.terminal().load();
    HostSettings found = loaded.settings();
    assertEquals(Profile.DEV, found.profile());
    assertEquals("standard input and output are a terminal", found.profileReason());
    assertEquals(
        new Stop(
            ofSeconds(3),
            ofSeconds(3),
            new Drain(ofMillis(0), ofMillis(0), ofMillis(0)),
            ofMillis(750),
            OnTimeout.DUMP_THEN_KILL),
        found.stop());
    assertTrue(found.management().portSearch());
    assertFalse(found.limitsOff());
    assertFalse(loaded.autoFreeze().enabled());
    assertTrue(place.debugger().load().settings().limitsOff());
  }

  @Test
  void terminalOfAContainer_asProcess1_isAzure() {
    HostSettings found = place.terminal().pid(1).debugger().load().settings();
    assertEquals(Profile.AZURE, found.profile());
    assertFalse(found.limitsOff());
  }

  @Test
  void profile_setByHand_isTakenAndSaysWhere() {
    HostSettings found = place.terminal().variable("ROLEHOST_PROFILE", "systemd").load().settings();
    assertEquals(Profile.SYSTEMD, found.profile());
    assertEquals("set by environment variable ROLEHOST_PROFILE", found.profileReason());
  }

  // ---- identity

  @Test
  void instance_podWithoutOrdinal_endsInTheHostName() {
    place.variable("KUBERNETES_SERVICE_HOST", "10.0.0.1").hostName("photos-5d9c7-x2k4z");
    assertEquals("Photos_IN_photos-5d9c7-x2k4z", place.load().settings().instanceId());
    place.property("rolehost.instance", "3").property("rolehost.role.name", "thumbs");
    assertEquals("thumbs_IN_3", place.load().settings().instanceId());
  }

  @Test
  void childOfANode_byEnvironment_isWhatTheNodeSays() {
    HostSettings found =
        place
            .variable("ROLEHOST_NODE", "77")
            .variable("ROLEHOST_PROFILE", "kubernetes")
            .variable("ROLEHOST_DEPLOYMENT", "staging")
            .variable("ROLEHOST_ROLE_NAME", "web")
            .variable("ROLEHOST_INSTANCE", "2")
            .variable("ROLEHOST_STATE_DIR", "/srv/state")
            .variable("ROLEHOST_MANAGEMENT_PORT", "0")
            .load()
            .settings();
    assertEquals(Profile.KUBERNETES, found.profile());
    assertEquals("staging", found.deployment());
    assertEquals("web_IN_2", found.instanceId());
    assertEquals(Path.of("/srv/state"), found.stateDir());
    assertEquals(0, found.management().port());
  }

  @Test
  void roleClass_givenToRun_winsOverServicesAndYieldsToTheKey() throws ConfigProblems {
    ConfigInputs run = place.inputs().withRoleClass("com.example.Outer$Other");
    assertEquals("Other", ConfigLoader.load(run).settings().roleName());
    place.packed("rolehost.role.class = com.example.ByKey");
    assertEquals(
        Optional.of("com.example.ByKey"),
        ConfigLoader.load(place.inputs().withRoleClass("com.example.Other"))
            .settings()
            .roleClass());
  }

  @Test
  void roleClass_noneOrSeveral_isAProblemThatNamesAll() {
    place.file("packed/" + RoleCandidates.SERVICES, "a.First", "# no", "b.Second");
    assertEquals(
        List.of(
            "rolehost.role.class: 2 roles found (a.First, b.Second). Set rolehost.role.class to the"
                + " one to run"),
        place.problems());
    place.file("packed/" + RoleCandidates.SERVICES, "");
    assertEquals(
        List.of(
            "rolehost.role.class: no role found. Name its class in"
                + " META-INF/services/io.rolehost.api.Role of the jar, or set rolehost.role.class"),
        place.problems());
  }

  // ---- layers

  @Test
  void layers_eachAboveTheNext_winInOrder() {
    place.file(
        "packed/reference.conf", "a = { p = ref, e = ref, f = ref, b = ref, j = ref, r = ref }");
    place.packed("a = { p = jar, e = jar, f = jar, b = jar, j = jar }");
    place.beside("a = { p = beside, e = beside, f = beside, b = beside }");
    place.file("etc/photos.conf", "a = { p = file, e = file, f = file }");
    place.property("config.file", "../etc/photos.conf").property("a.p", "property");
    place.variable("A_P", "environment").variable("A_E", "environment");
    Loaded loaded = place.load();
    assertEquals(
        Map.of(
            "p",
            "property",
            "e",
            "environment",
            "f",
            "file",
            "b",
            "beside",
            "j",
            "jar",
            "r",
            "ref"),
        loaded.config().getObject("a").unwrapped());
    assertEquals(
        place.at("etc/photos.conf"), loaded.watchedFile().map(Path::normalize).orElseThrow());
  }

  @Test
  void configResource_named_isOnTopOfApplicationConf() {
    place.packed("who = application", "what = kept").file("packed/blue.conf", "who = blue");
    place.property("config.resource", "blue.conf");
    assertEquals("blue", place.load().config().getString("who"));
    assertEquals("kept", place.load().config().getString("what"));
    assertEquals(Optional.empty(), place.load().watchedFile());
  }

  @Test
  void environment_anyScalarKey_isOverriddenByRule() {
    place.packed(
        "rolehost.endpoints.public-api { port = 8080 }",
        "rolehost.local-resources.cache {}",
        "photos { thumb-width = 320, list = [1] }",
        "path = mine",
        "derived = ${photos.thumb-width}px, from = ${?HOME}");
    Loaded loaded =
        place
            .variable("ROLEHOST_ENDPOINTS_PUBLIC_API_PORT", "9090")
            .variable("ROLEHOST_ENDPOINTS_ADMIN_PORT", "9091")
            .variable("ROLEHOST_ENDPOINTS_ADMIN_IDLE_TIMEOUT", "2m")
            .variable("ROLEHOST_ENDPOINTS_ADMIN_MAX_CONNECTIONS", "7")
            .variable("ROLEHOST_LOCAL_RESOURCES_CACHE_SIZE_IN_MB", "12")
            .variable("ROLEHOST_MANAGEMENT_ALLOWED_HOSTS", "a.example, b.example")
            .variable("ROLEHOST_STOP_GRACE", "")
            .variable("PHOTOS_THUMB_WIDTH", "640")
            .variable("PHOTOS_LIST", "2")
            .variable("PATH", "/bin")
            .variable("HOME", "/home/me")
            .load();
    assertEquals(
        Map.of(
            "public-api",
            new EndpointSettings(
                "public-api",
                "http",
                "0.0.0.0",
                9090,
                false,
                false,
                10L << 20,
                EndpointLimits.USUAL),
            "admin",
            new EndpointSettings(
                "admin",
                "http",
                "0.0.0.0",
                9091,
                false,
                false,
                10L << 20,
                new EndpointLimits(7, ofSeconds(10), ofSeconds(30), ofSeconds(30), ofMinutes(2)))),
        loaded.settings().endpoints());
    assertEquals(
        Map.of("cache", new LocalResource("cache", false, 12)), loaded.settings().localResources());
    assertEquals(List.of("a.example", "b.example"), loaded.settings().management().allowedHosts());
    assertEquals(640, loaded.config().getInt("photos.thumb-width"));
    assertEquals(List.of(1), loaded.config().getIntList("photos.list"));
    assertEquals("640px", loaded.config().getString("derived"));
    assertEquals("/home/me", loaded.config().getString("from"));
    assertEquals("mine", loaded.config().getString("path"));
    assertEquals(List.of(), loaded.notices());
  }

  @Test
  void substitution_ofWhatOnlyTheEnvironmentGives_isResolved() {
    place.packed(
        "port = ${rolehost.endpoints.http.port}",
        "rolehost.freeze.enabled = ${?rolehost.endpoints.http.open-before-ready}",
        "rolehost.management { port = 80, port = ${?PORT} }",
        "home = none, home = ${?user.home}, again = ${home}");
    Loaded loaded =
        place
            .variable("ROLEHOST_ENDPOINTS_HTTP_PORT", "81")
            .variable("PORT", "8079")
            .property("user.home", "/home/me")
            .variable("ROLEHOST_ENDPOINTS_HTTP_OPEN_BEFORE_READY", "true")
            .load();
    assertEquals(81, loaded.config().getInt("port"));
    assertEquals(8079, loaded.settings().management().port());
    assertEquals("/home/me", loaded.config().getString("again"));
    assertEquals(Optional.of("true"), loaded.freezeFlag());
    String hash = loaded.hash();
    assertNotEquals(hash, place.variable("ROLEHOST_ENDPOINTS_HTTP_PORT", "82").load().hash());
  }

  @Test
  void environment_unknownVariables_areOnlyReported() {
    place
        .variable("ROLEHOST_STOP_GRASE", "5s")
        .variable("ROLEHOST_PORT", "tcp://10.0.0.1:80")
        .variable("ROLEHOST_FREEZE", "false");
    assertEquals(
        List.of(
            "environment variable ROLEHOST_STOP_GRASE sets nothing: it is not made from a key of"
                + " the host; the nearest is ROLEHOST_STOP_GRACE"),
        place.load().notices());
  }

  @Test
  void freeze_sourcesOfOtherJars_haveOpenBlocks() {
    place
        .packed(
            "rolehost.freeze.postgres.url = \"jdbc:postgresql://db/ops\"",
            "rolehost.freeze.etcd { endpoints = [a, b] }")
        .variable("ROLEHOST_FREEZE_POSTGRES_PASSWORD", "s");
    Config freeze = place.load().config().getConfig("rolehost.freeze");
    assertEquals("s", freeze.getString("postgres.password"));
    assertEquals(List.of("a", "b"), freeze.getStringList("etcd.endpoints"));
  }

  // ---- problems

  @Test
  void problems_ofEveryKind_areAllToldWithTheirOrigin() {
    place.packed(
        "rolehost {",
        "  stop { grace = soon, grase = 5s }",
        "  uncaught = explode",
        "  management = 8081",
        "  endpoints.http { prot = http }",
        "  start.tasks = [{ name = warm, comand = [x] }]",
        "}");
    place.variable("ROLEHOST_START_TIMEOUT", "25").property("rolehost.log.level", "loud");
    place.property("rolehost.management-port", "1");
    assertEquals(
        List.of(
            "packed/application.conf:5: rolehost.endpoints.http.prot is not a key of the host; the"
                + " nearest is rolehost.endpoints.http.port. (Settings of your own go outside of"
                + " the rolehost block.)",
            "packed/application.conf:4: rolehost.management: expected a block { ... }, found 8081",
            "system property rolehost.management-port: rolehost.management-port is not a key of the"
                + " host; the nearest is rolehost.management.port. (Settings of your own go outside"
                + " of the rolehost block.)",
            "packed/application.conf:2: rolehost.stop.grase is not a key of the host; the nearest"
                + " is rolehost.stop.grace. (Settings of your own go outside of the rolehost"
                + " block.)",
            "packed/application.conf:5: rolehost.endpoints.http.port is missing: expected a whole"
                + " number from 0 to 65535 (0 = any free one)",
            "environment variable ROLEHOST_START_TIMEOUT: rolehost.start.timeout: expected a"
                + " duration with its unit, such as 500ms, 25s or 5m, of at least 1ms, found"
                + " \"25\"",
            "packed/application.conf:6: rolehost.start.tasks[0].comand is not a key of a startup"
                + " task; the nearest is rolehost.start.tasks[0].command",
            "packed/application.conf:6: rolehost.start.tasks[0].command is missing: expected a list"
                + " such as [bin/warm-up, --all]",
            "packed/application.conf:2: rolehost.stop.grace: expected a duration with its unit,"
                + " such as 500ms, 25s or 5m, of at least 1s, found \"soon\"",
            "packed/application.conf:3: rolehost.uncaught: expected one of end, log, found"
                + " \"explode\"",
            "system property rolehost.log.level: rolehost.log.level: expected one of trace, debug,"
                + " info, warning, error, off, found \"loud\""),
        place.problems());
  }

  @Test
  void problem_aboutASecret_doesNotTellIt() {
    place.packed("rolehost.management.token = [hunter2]");
    assertEquals(
        List.of("packed/application.conf:1: rolehost.management.token: expected a text, found ***"),
        place.problems());
  }

  @Test
  void syntaxError_ofAFile_isToldBesideTheOtherProblems() {
    place.beside("a = 1", "rolehost.stop = { grace : : 5s }").packed("rolehost.uncauht = log");
    place.file("packed/" + RoleCandidates.SERVICES, "");
    List<String> problems = place.problems();
    assertEquals(2, problems.size(), problems.toString());
    assertTrue(problems.get(0).startsWith("app/application.conf:2: "), problems.get(0));
    assertTrue(problems.get(1).startsWith("packed/application.conf:1: rolehost.uncauht is not"));
  }

  @Test
  void substitution_thatNothingSets_isAProblemWithItsPlace() {
    place.packed("", "db = ${DB_URL}", "rolehost.uncauht = log");
    List<String> problems = place.problems();
    assertTrue(problems.get(0).startsWith("packed/application.conf:2: "), problems.get(0));
    assertTrue(problems.get(0).contains("${DB_URL}"), problems.get(0));
    assertEquals(2, problems.size());
  }

  @Test
  void configFile_thatIsNotThere_isAProblem() {
    place.property("config.file", "../etc/none.conf");
    assertEquals(
        List.of("system property config.file: there is no readable file work/../etc/none.conf"),
        place.problems());
  }

  // ---- time budgets

  @Test
  void includedFiles_ofTheWatchedFile_areKnownAlsoFromEachOther() {
    place
        .file("work/my.conf", "include \"one\"", "include file(\"" + place.at("far.conf") + "\")")
        .file("work/one.conf", "include \"two.json\"", "a = 1")
        .file("work/two.json", "{ \"b\": 2 }")
        .beside("include \"not-watched\"")
        .file("app/not-watched.conf", "c = 3");
    Loaded loaded = place.property("config.file", "my.conf").load();
    assertEquals(
        Set.of(place.at("work/one.conf"), place.at("work/two.json"), place.at("far.conf")),
        loaded.includedFiles());
    assertEquals(
        6, loaded.config().getInt("a") + loaded.config().getInt("b") + loaded.config().getInt("c"));
  }

  @Test
  void budgets_setToClash_areProblems() {
    place.packed(
        "rolehost.stop { grace = 12s, hard-cap = 10s, kill-reserve = 4s",
        "drain { min = 3s, cap = 5s, quiet = 6s } }");
    assertEquals(
        List.of(
            "packed/application.conf:1: rolehost.stop.hard-cap: a time budget that does not fit:"
                + " 10s must be at least rolehost.stop.grace = 12s (packed/application.conf:1)",
            "packed/application.conf:1: rolehost.stop.kill-reserve: a time budget that does not"
                + " fit: 4s can take at most a quarter of rolehost.stop.grace = 12s"
                + " (packed/application.conf:1), which is 3s",
            "packed/application.conf:2: rolehost.stop.drain.cap: a time budget that does not fit:"
                + " 5s can take at most a third of rolehost.stop.grace = 12s"
                + " (packed/application.conf:1), which is 4s",
            "packed/application.conf:2: rolehost.stop.drain.quiet: a time budget that does not fit:"
                + " 6s must be at most rolehost.stop.drain.cap = 5s (packed/application.conf:2)"),
        place.problems());
  }

  @Test
  void budgets_besideASmallerGrace_shrink() {
    place.packed("rolehost.stop.grace = 4s");
    assertEquals(
        new Stop(
            ofSeconds(4),
            ofSeconds(8),
            new Drain(
                ofSeconds(4).dividedBy(3), ofSeconds(4).dividedBy(3), ofSeconds(4).dividedBy(3)),
            ofSeconds(1),
            OnTimeout.DUMP_THEN_KILL),
        place.load().settings().stop());
  }

  @Test
  void budgets_madeForProduction_alsoRunAtATerminal() {
    Loaded loaded = place.packed("rolehost.stop.drain { min = 1s, cap = 20s }").terminal().load();
    assertEquals(
        new Drain(ofSeconds(1), ofMillis(0), ofSeconds(1)), loaded.settings().stop().drain());
    assertEquals(1, loaded.notices().size(), loaded.notices().toString());
  }

  @Test
  void startupTasks_shortAndLong_areRead() {
    place.packed(
        "rolehost.start.tasks = [",
        "  { command = [bin/warm-up, --all] }",
        "  { name = tail, command = [tail, -f, x], type = foreground, timeout = 10s, environment {"
            + " N = 1 } }",
        "]");
    assertEquals(
        List.of(
            new StartupTask(
                "warm-up",
                List.of("bin/warm-up", "--all"),
                StartupTask.Type.SIMPLE,
                ofMinutes(5),
                Map.of()),
            new StartupTask(
                "tail",
                List.of("tail", "-f", "x"),
                StartupTask.Type.FOREGROUND,
                ofSeconds(10),
                Map.of("N", "1"))),
        place.load().settings().start().tasks());
  }

  // ---- the freeze flag

  @Test
  void freezeFlag_anyText_isNoProblemAndHandedOn() {
    place.packed("rolehost.freeze.enabled = perhaps");
    assertEquals(Optional.of("perhaps"), place.load().freezeFlag());
    place.beside("rolehost.freeze.enabled = true");
    assertEquals(Optional.of("perhaps"), place.load().freezeFlag());
    place.packed("rolehost.freeze.enabled = null");
    assertEquals(Optional.empty(), place.load().freezeFlag());
  }

  // ---- hashes

  @Test
  void hash_sameContent_isStableAndAnyChangeIsSeen() {
    String hash = place.packed("a = 8080", "b { c = x }").load().hash();
    assertEquals(12, hash.length());
    assertEquals(hash, place.packed("b.c = x", "a = \"8080\" # text").load().hash());
    assertEquals(hash, place.property("java.version", "25").load().hash());
    assertEquals(
        hash,
        place
            .property("rolehost.instance", "4")
            .property("rolehost.freeze.enabled", "true")
            .load()
            .hash());
    assertNotEquals(hash, place.packed("a = 8081", "b { c = x }").load().hash());
    assertNotEquals(
        hash, place.packed("a = 8080", "b { c = x }").variable("B_C", "y").load().hash());
  }

  @Test
  void hash_ofASecret_holdsAByteOfIt() {
    long different =
        java.util.stream.IntStream.range(0, 1_000)
            .mapToObj(i -> ConfigValueFactory.fromAnyRef("guess" + i))
            .map(guess -> ContentHash.of(new TreeMap<>(Map.of("db.password", guess))))
            .distinct()
            .count();
    assertTrue(different > 200 && different <= 256, different + " hashes of 1000 passwords");
  }

  @Test
  void watchedHash_ofTheFile_changesWithItsBytes() {
    String before = place.beside("a = 1").load().watchedHash();
    assertEquals(before, place.beside("a = 1").load().watchedHash());
    assertNotEquals(before, place.beside("a = 1 # note").load().watchedHash());
    assertEquals("", new Place(root.resolve("other")).load().watchedHash());
  }

  @Test
  void logFormat_auto_isJsonWhereAJarHasNoTerminal() {
    assertTrue(new Place(root.resolve("pipe")).load().settings().log().json());
    assertTrue(
        new Place(root.resolve("systemd"))
            .variable("NOTIFY_SOCKET", "/run/notify")
            .load()
            .settings()
            .log()
            .json());
  }

  @Test
  void logFormat_auto_isTextWhereSomebodyReadsIt() {
    assertFalse(new Place(root.resolve("terminal")).terminal().load().settings().log().json());
    assertFalse(new Place(root.resolve("ide")).classPath().load().settings().log().json());
    assertFalse(
        new Place(root.resolve("node"))
            .variable("ROLEHOST_NODE", "4711")
            .load()
            .settings()
            .log()
            .json());
  }

  @Test
  void logFormat_given_counts() {
    assertFalse(
        new Place(root.resolve("text"))
            .packed("rolehost.log.format = text")
            .load()
            .settings()
            .log()
            .json());
    assertTrue(
        new Place(root.resolve("json"))
            .terminal()
            .packed("rolehost.log.format = json")
            .load()
            .settings()
            .log()
            .json());
  }

  @Test
  void settings_forTraining_runNoTaskAndAreSeenByNobody() {
    HostSettings training =
        place
            .packed(
                "rolehost {",
                "  start.tasks = [{ command = [bin/migrate] }]",
                "  management { host = 0.0.0.0, port = 8081, token = t, agent-check-port = 9000 }",
                "  endpoints.http { host = 0.0.0.0, port = 8080, open-before-ready = true }",
                "  termination-message-path = end",
                "}")
            .load()
            .forTraining()
            .settings();

    assertEquals(List.of(), training.start().tasks());
    assertEquals(Optional.empty(), training.terminationMessage());
    assertEquals("127.0.0.1", training.management().host());
    assertEquals(0, training.management().port());
    assertEquals(Optional.empty(), training.management().agentCheckPort());
    EndpointSettings http = training.endpoints().values().iterator().next();
    assertEquals("127.0.0.1", http.host());
    assertEquals(0, http.port());
    assertEquals(ofSeconds(0), training.stop().drain().cap());
  }
}
