/*
 * Runs vars/fusegate.groovy as a pipeline would, with a small stand-in for each step that it calls. `sh` is a real shell. It tests neither
 * CPS nor the sandbox, which only a controller has.
 *
 * Arguments: the script of vars/, the folder of resources/, a JSON file {arguments, credentials, fileCredentials, environment, workspace},
 * and the file that the record goes to.
 */
import groovy.json.JsonOutput
import groovy.json.JsonSlurper

def (vars, resources, requestFile, recordFile) = args
def request = new JsonSlurper().parse(new File(requestFile), 'UTF-8')
def workspace = request.workspace
def record = [steps: [], log: '', error: null, unstable: null, returned: null]
def environment = new LinkedHashMap(request.environment)
def secrets = []

class Failed extends RuntimeException {
  Failed(String message) { super(message) }
}

def note = { String step, Map more = [:] -> record.steps << ([step: step] + more) }
// hudson.EnvVars.overrideExpandingAll: withEnv expands variables in values.
def expand = { String text ->
  text.replaceAll(/\$\{?(\w+)\}?/) { all, name -> environment.containsKey(name) ? environment[name] : all }
}
def within = { Map more, Closure body ->
  def before = new LinkedHashMap(environment)
  environment.putAll(more)
  try {
    body()
  } finally {
    environment.clear()
    environment.putAll(before)
  }
}

def binding = new Binding()
def step = { String name, Closure body -> binding.setVariable(name, body) }
step('isUnix') { true }
step('pwd') { Map named -> named.tmp ? workspace + '@tmp' : workspace }
step('libraryResource') { Map named -> new File(resources, named.resource).getText(named.encoding) }
step('writeFile') { Map named ->
  new File(named.file).parentFile.mkdirs()
  new File(named.file).setText(named.text, named.encoding)
}
step('fileExists') { String path -> new File(path).exists() }
step('readFile') { Map named -> new File(named.file).getText(named.encoding) }
step('string') { Map named -> [kind: 'string'] + named }
step('file') { Map named -> [kind: 'file'] + named }
step('withCredentials') { List bindings, Closure body ->
  def values = [:]
  bindings.each { each ->
    def value = (each.kind == 'file' ? request.fileCredentials : request.credentials)[each.credentialsId]
    if (value == null) throw new Failed("Could not find credentials entry with ID '${each.credentialsId}'")
    values[each.variable] = value
    secrets << value
  }
  note('withCredentials', [ids: bindings.collect { it.credentialsId }])
  within(values, body)
}
step('withEnv') { List pairs, Closure body ->
  note('withEnv', [variables: pairs.collect { it.toString() }])
  within(pairs.collectEntries { pair ->
    def (name, value) = pair.toString().split('=', 2)
    [(name): expand(value)]
  }, body)
}
step('sh') { Map named ->
  note('sh', [script: named.script])
  def builder = new ProcessBuilder('sh', '-c', named.script).directory(new File(workspace)).redirectErrorStream(true)
  builder.environment().clear()
  environment.each { name, value -> builder.environment().put(name.toString(), value.toString()) }
  def process = builder.start()
  def text = process.inputStream.getText('UTF-8')
  // The credentials-binding plugin masks what it has bound.
  secrets.each { secret -> text = text.replace(secret, '****') }
  record.log += text
  process.waitFor()
}
step('junit') { Map named -> note('junit', named) }
step('archiveArtifacts') { Map named -> note('archiveArtifacts', named) }
step('unstable') { String message -> record.unstable = message }
step('error') { String message -> throw new Failed(message) }
step('dir') { String path, Closure body ->
  def before = binding.hasVariable('here') ? binding.getVariable('here') : workspace
  binding.setVariable('here', path)
  body()
  binding.setVariable('here', before)
}
step('deleteDir') { new File(binding.getVariable('here')).deleteDir() }

try {
  def script = new GroovyShell(binding).parse(new File(vars))
  record.returned = script.call(request.arguments)
} catch (Failed failed) {
  record.error = failed.message
}
new File(recordFile).setText(JsonOutput.toJson(record), 'UTF-8')
