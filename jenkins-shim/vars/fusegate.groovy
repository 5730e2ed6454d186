/**
 * Protects a mobile app with Appdome and fails the build unless the Certified Secure certificate proves the required protections.
 *
 *   fusegate(
 *     app: 'app/build/outputs/bundle/release/app-release.aab',
 *     fusionSetId: '…',
 *     sign: 'private', signingFingerprint: '…',
 *     requiredFeatures: ['Root Detection', 'Anti-Debugging'],
 *     credentials: [apiKey: 'appdome-api-key'])
 *
 * Every option of `fusegate run` in camelCase, and:
 *   credentials      option -> id of a "Secret text" credential
 *   fileCredentials  option -> id of a "Secret file" credential (keystore, p12, provisioningProfiles)
 *   unstable         true: a failed gate (exit 6) or a missing verdict (exit 8) marks the build unstable instead of failing it
 *   junit            false: no test results are published
 *   archive          false: nothing is archived; the option `publish` says what is archived
 *   node             the Node to run; default: `node` on PATH
 *
 * Returns the outputs: verdict, protectedApp, buildId and so on. No value passes through a shell, or through a Groovy string that a shell
 * reads: arguments are passed in a variable, secrets by withCredentials.
 */
import groovy.json.JsonOutput

Map call(Map arguments = [:]) {
  Map options = [:]
  options.putAll(arguments)
  boolean unstableAllowed = options.remove('unstable') ?: false
  boolean publishesTests = options.containsKey('junit') ? options.remove('junit') : true
  boolean archives = options.containsKey('archive') ? options.remove('archive') : true
  String node = options.remove('node') ?: 'node'
  List bindings = bindCredentials(options)

  String folder = pwd(tmp: true) + '/fusegate-' + UUID.randomUUID().toString()
  String script = folder + '/fusegate-jenkins.cjs'
  String outputsFile = folder + '/outputs.txt'
  // withEnv expands `$NAME`, which an app's name may contain. JSON can escape the sign.
  String json = JsonOutput.toJson(options).replace('$', '\\u0024')
  int status = -1
  Map outputs = [:]
  try {
    writeFile(file: script, text: libraryResource(resource: 'fusegate/fusegate-jenkins.cjs', encoding: 'UTF-8'), encoding: 'UTF-8')
    withCredentials(bindings) {
      withEnv([
        'FUSEGATE_JENKINS_ARGUMENTS=' + json,
        'FUSEGATE_JENKINS_OUTPUTS=' + outputsFile,
        'FUSEGATE_JENKINS_NODE=' + node,
        'FUSEGATE_JENKINS_SCRIPT=' + script,
        // Keystores given as base64 or by URL are stored there and removed with the folder, even if the build is aborted.
        'TMPDIR=' + folder,
        'TMP=' + folder,
        'TEMP=' + folder,
      ]) {
        if (isUnix()) {
          status = sh(label: 'Fusegate', returnStatus: true, script: '"$FUSEGATE_JENKINS_NODE" "$FUSEGATE_JENKINS_SCRIPT"')
        } else {
          status = bat(label: 'Fusegate', returnStatus: true, script: '@"%FUSEGATE_JENKINS_NODE%" "%FUSEGATE_JENKINS_SCRIPT%"')
        }
      }
    }
  } finally {
    // Also if the build is aborted: keep what is known by then.
    outputs = readOutputs(outputsFile)
    if (publishesTests && outputs.JUNIT) {
      // The exit code decides about the build, not the tests: under `gate: warn` they may fail and the build continues.
      junit(testResults: outputs.JUNIT, allowEmptyResults: true, skipMarkingBuildUnstable: true)
    }
    if (archives && outputs.ARCHIVE) {
      archiveArtifacts(artifacts: outputs.ARCHIVE, allowEmptyArchive: true, fingerprint: true)
    }
    dir(folder) {
      deleteDir()
    }
  }

  if (status == 0) {
    return named(outputs)
  }
  if (!outputs) {
    error('Fusegate did not run (exit ' + status + '). It needs Node 20.20 or newer on the agent: install it, choose one of the NodeJS ' +
      "plugin with tools { nodejs 'NAME' }, or give its path as node: '…'.")
  }
  String message = 'Fusegate: verdict ' + outputs.VERDICT + ' (exit ' + status + ')' +
    (outputs.MISSING_FEATURES ? ', not proven: ' + outputs.MISSING_FEATURES : '') + '. The log above says why.'
  if (unstableAllowed && (status == 6 || status == 8)) {
    unstable(message)
    return named(outputs)
  }
  error(message)
}

/** Turns credential ids into bindings, and the options they stand for into the names of the variables. */
private List bindCredentials(Map options) {
  Map secrets = (options.remove('credentials') ?: [:]) as Map
  Map files = (options.remove('fileCredentials') ?: [:]) as Map
  List bindings = []
  List secretNames = new ArrayList(secrets.keySet())
  for (int i = 0; i < secretNames.size(); i++) {
    String variable = 'FUSEGATE_CREDENTIAL_' + i
    bindings.add(string(credentialsId: secrets[secretNames[i]].toString(), variable: variable))
    options[secretNames[i]] = [variable: variable]
  }
  List fileNames = new ArrayList(files.keySet())
  for (int i = 0; i < fileNames.size(); i++) {
    String variable = 'FUSEGATE_FILE_CREDENTIAL_' + i
    bindings.add(file(credentialsId: files[fileNames[i]].toString(), variable: variable))
    options[fileNames[i]] = [variable: variable]
  }
  return bindings
}

/** `NAME=value` lines; empty if the script never wrote them. */
private Map readOutputs(String path) {
  Map outputs = [:]
  if (!fileExists(path)) {
    return outputs
  }
  String[] lines = readFile(file: path, encoding: 'UTF-8').split('\n')
  for (int i = 0; i < lines.length; i++) {
    int equals = lines[i].indexOf('=')
    if (equals > 0) {
      outputs[lines[i].substring(0, equals)] = lines[i].substring(equals + 1)
    }
  }
  return outputs
}

/** PROTECTED_APP -> protectedApp; leaves out what is only for this step. */
private Map named(Map outputs) {
  Map result = [:]
  List names = new ArrayList(outputs.keySet())
  for (int i = 0; i < names.size(); i++) {
    String name = names[i]
    if (name != 'JUNIT' && name != 'ARCHIVE') {
      String[] words = name.toLowerCase().split('_')
      String camel = words[0]
      for (int j = 1; j < words.length; j++) {
        camel += words[j].substring(0, 1).toUpperCase() + words[j].substring(1)
      }
      result[camel] = outputs[name]
    }
  }
  return result
}
