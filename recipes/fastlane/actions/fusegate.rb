# Generated from the option table by `npm run generate`. Do not edit.
require 'fileutils'

module Fastlane
  module Actions
    module SharedValues
      FUSEGATE_APP_ID = :FUSEGATE_APP_ID
      FUSEGATE_BUILD_ID = :FUSEGATE_BUILD_ID
      FUSEGATE_PROTECTED_APP = :FUSEGATE_PROTECTED_APP
      FUSEGATE_REJECTED_APP = :FUSEGATE_REJECTED_APP
      FUSEGATE_SECOND_OUTPUT = :FUSEGATE_SECOND_OUTPUT
      FUSEGATE_DEOBFUSCATION_MAP = :FUSEGATE_DEOBFUSCATION_MAP
      FUSEGATE_CERTIFICATE_JSON = :FUSEGATE_CERTIFICATE_JSON
      FUSEGATE_CERTIFICATE_PDF = :FUSEGATE_CERTIFICATE_PDF
      FUSEGATE_VERDICT = :FUSEGATE_VERDICT
      FUSEGATE_MISSING_FEATURES = :FUSEGATE_MISSING_FEATURES
      FUSEGATE_RESULT = :FUSEGATE_RESULT
      FUSEGATE_REPORT_HTML = :FUSEGATE_REPORT_HTML
      FUSEGATE_SHA256 = :FUSEGATE_SHA256
    end

    # Runs one exact version of the command line, and tells the lane what it learnt.
    class FusegateAction < Action
      # npm compares what it downloads with the digest in its registry.
      PACKAGE = 'fusegate@0.1.0'.freeze

      OUTPUTS = [
        ['FUSEGATE_APP_ID', 'Id of the uploaded app'],
        ['FUSEGATE_BUILD_ID', 'Id of the build; mode gate can judge it again without a new build'],
        ['FUSEGATE_PROTECTED_APP', 'Path of the protected app; empty unless the run is green'],
        ['FUSEGATE_REJECTED_APP', 'Path of the app that was held back because the run is red'],
        ['FUSEGATE_SECOND_OUTPUT', 'Path of the universal .apk of an .aab'],
        ['FUSEGATE_DEOBFUSCATION_MAP', 'Path of the ZIP with the mapping files'],
        ['FUSEGATE_CERTIFICATE_JSON', 'Path of the Certified Secure certificate, JSON; marked confidential by its issuer'],
        ['FUSEGATE_CERTIFICATE_PDF', 'Path of the Certified Secure certificate, PDF; marked confidential by its issuer'],
        ['FUSEGATE_VERDICT', 'pass, fail, error or not-evaluated; only pass is proof'],
        ['FUSEGATE_MISSING_FEATURES', 'Required protections that were not proven, separated by commas'],
        ['FUSEGATE_RESULT', 'Path of fusegate-result.json, which says everything about the run'],
        ['FUSEGATE_REPORT_HTML', 'Path of the report page'],
        ['FUSEGATE_SHA256', 'SHA-256 of the protected app, lower-case hex']
      ].freeze

      # Options whose values may hold secrets, as base64 or JSON. What is not the path of a file goes by the environment, like
      # passwords: every process on the machine can read arguments.
      DELICATE = [
        :build_overrides,
        :context_overrides,
        :sign_overrides,
        :baseline_profile,
        :startup_profile,
        :input_mapping,
        :cert_pinning_zip,
        :app_icon,
        :icon_overlay,
        :keystore,
        :p12,
        :provisioning_profiles,
        :entitlements,
        :signing_fingerprint_list,
        :proxy
      ].freeze

      MODES_WITH_OUTPUT = ['run', 'gate', 'validate'].freeze

      EXITS = {
        2 => 'an option or the configuration is wrong',
        3 => 'the API key is not accepted, or may not do this',
        4 => 'the network or the API failed, or a build may exist whose id is not known',
        5 => 'the service refused or failed the build or the signing',
        6 => 'the certificate lacks protections that are required',
        7 => 'the time is up while the service answered well',
        8 => 'no verdict could be had',
        130 => 'cancelled'
      }.freeze

      # What earlier actions of the lane built, by the extension of the file.
      BUILT = {
        '.ipa' => :IPA_OUTPUT_PATH,
        '.aab' => :GRADLE_AAB_OUTPUT_PATH,
        '.apk' => :GRADLE_APK_OUTPUT_PATH
      }.freeze

      def self.run(params)
        mode = folded(params[:mode])
        environment, arguments = inputs(params)
        app = app_of(params, mode)
        arguments << "--app=#{app}" if app && params[:app].to_s.empty?
        outputs = output_file(params, mode)
        forget(outputs) if outputs

        ended = system(environment, 'npx', '--yes', PACKAGE, mode, *arguments)
        status = $?.exitstatus if $?
        tell(outputs, app || params[:app]) if outputs
        return lane_value('FUSEGATE_PROTECTED_APP') if ended

        UI.user_error!("npx cannot be started: install Node 20.20 or newer") if ended.nil?
        UI.user_error!(failure(mode, status))
      end

      # What the lane gave, without what the command reads from the environment itself.
      def self.inputs(params)
        environment = {}
        arguments = []
        available_options.each do |item|
          next if item.key == :mode

          text = text_of(params[item.key])
          next if text.empty? || text == text_of(item.auto_convert_value(ENV[item.env_name]))
          # Other modes have no output folder, so its default is not for them.
          next if text == item.default_value && !MODES_WITH_OUTPUT.include?(folded(params[:mode]))

          if item.sensitive || (DELICATE.include?(item.key) && !text.split("\n").all? { |each| File.file?(each) })
            environment[item.env_name] = text
          else
            arguments << "--#{item.key.to_s.tr('_', '-')}=#{text}"
          end
        end
        [environment, arguments]
      end

      # A list has a line for each item, since a name may hold a comma.
      def self.text_of(value)
        value.kind_of?(Array) ? value.map { |each| each.to_s.strip }.join("\n") : value.to_s
      end

      def self.app_of(params, mode)
        named = [:app, :app_id, :build_id, :fleet].any? { |key| !params[key].to_s.empty? }
        return nil if mode != 'run' || named

        built = BUILT.values.map { |name| Actions.lane_context[name] }.compact.uniq
        return built.first if built.length < 2

        UI.user_error!("This lane built #{built.join(' and ')}: say which one with app")
      end

      # Modes that write results leave their outputs there.
      def self.output_file(params, mode)
        return nil unless MODES_WITH_OUTPUT.include?(mode)

        File.join(params[:output_dir], 'private', 'fusegate.dotenv')
      end

      # No outputs of an earlier run, whatever happens now.
      def self.forget(outputs)
        FileUtils.rm_f(outputs)
        OUTPUTS.each { |name, _| Actions.lane_context.delete(name.to_sym) }
      end

      # The lane learns the outputs of a red run, too. Later actions find the protected app where they would have found the
      # other one, or nothing.
      def self.tell(outputs, app)
        lines = File.file?(outputs) ? File.readlines(outputs, chomp: true, encoding: 'UTF-8') : []
        values = lines.map { |line| line.split('=', 2) }.to_h
        OUTPUTS.each do |name, _|
          value = values[name.delete_prefix('FUSEGATE_')].to_s
          Actions.lane_context[name.to_sym] = value unless value.empty?
        end
        BUILT.each_value do |name|
          next unless app && Actions.lane_context[name] == app

          Actions.lane_context[name] = lane_value('FUSEGATE_PROTECTED_APP')
        end
      end

      def self.lane_value(name)
        Actions.lane_context[name.to_sym]
      end

      def self.failure(mode, status)
        what = "fusegate #{mode} ended with exit #{status || 'unknown'}: #{EXITS.fetch(status, 'see the log')}"
        verdict = lane_value('FUSEGATE_VERDICT')
        missing = lane_value('FUSEGATE_MISSING_FEATURES')
        [what, verdict && "verdict: #{verdict}", missing && "not proven: #{missing}"].compact.join('; ')
      end

      # As the command compares them: without case, hyphens, underscores and blanks.
      def self.folded(word)
        word.to_s.downcase.delete('-_ ')
      end

      def self.one_of(key, words)
        proc do |value|
          wrong = Array(value).reject { |each| words.any? { |word| folded(word) == folded(each) } }
          UI.user_error!("#{key} is #{wrong.join(', ')}; allowed: #{words.join(', ')}") unless wrong.empty?
        end
      end

      def self.available_options
        [
          FastlaneCore::ConfigItem.new(
            key: :mode,
            env_name: 'FUSEGATE_MODE',
            description: 'What to do. One of run (upload, build, sign, download, certify and judge), gate (judge an existing build or certificates; starts no build), validate (have the service check an app that was signed locally), verify (check a protected app against its result, before it is deployed)',
            type: String,
            optional: true,
            default_value: 'run',
            verify_block: one_of(:mode, ['run', 'gate', 'validate', 'verify'])
          ),
          FastlaneCore::ConfigItem.new(
            key: :api_key,
            env_name: 'FUSEGATE_API_KEY',
            description: 'API key of your Appdome account. From the console: user menu, Account and API. It is sent only to the API at `server_url`, never to storage hosts. Required in mode run and validate; in mode gate with build_id',
            type: String,
            optional: true,
            sensitive: true
          ),
          FastlaneCore::ConfigItem.new(
            key: :team_id,
            env_name: 'FUSEGATE_TEAM_ID',
            description: 'Team that owns the app and the Fusion Set. Absent or `personal`: your personal workspace',
            type: String,
            optional: true
          ),
          FastlaneCore::ConfigItem.new(
            key: :server_url,
            env_name: 'FUSEGATE_SERVER_URL',
            description: 'Origin of the service. https, or http to this machine only. Every report shows an origin other than the default. Default: https://fusion.appdome.com',
            type: String,
            optional: true
          ),
          FastlaneCore::ConfigItem.new(
            key: :app,
            env_name: 'FUSEGATE_APP',
            description: 'App to protect: .apk, .aab, .ipa, .aar, or an .xcframework in a .zip. In mode gate: File that the certificate is compared with. In mode validate: App that was signed locally. In mode verify: App that is about to be deployed. A path, a pattern that matches exactly one file, or an https URL; the API key is never sent there. Required in mode run unless app_id or build_id is given; in mode validate and verify',
            type: String,
            optional: true
          ),
          FastlaneCore::ConfigItem.new(
            key: :app_id,
            env_name: 'FUSEGATE_APP_ID',
            description: 'App that was uploaded earlier, instead of app. In mode gate: App that the certificate must name',
            type: String,
            optional: true
          ),
          FastlaneCore::ConfigItem.new(
            key: :build_id,
            env_name: 'FUSEGATE_BUILD_ID',
            description: 'Existing build to continue, instead of starting one. In mode gate: Build whose certificates are fetched and judged. In mode validate: Build that the app must come from. Uploads nothing and starts no build; the job continues with signing, downloads and the gate. Required in mode gate unless certificate is given; in mode validate unless result is given',
            type: String,
            optional: true
          ),
          FastlaneCore::ConfigItem.new(
            key: :fusion_set_id,
            env_name: 'FUSEGATE_FUSION_SET_ID',
            description: 'Fusion Set to build with. In mode gate: Fusion Set that the certificate must name. The variables are read in mode run only, because they name what to build with. Required in mode run unless build_id is given',
            type: String,
            optional: true
          ),
          FastlaneCore::ConfigItem.new(
            key: :platform,
            env_name: 'FUSEGATE_PLATFORM',
            description: 'Platform of the app; needed only if no app file shows it. One of auto (from the extension of the app), android, ios. Default: auto',
            type: String,
            optional: true,
            verify_block: one_of(:platform, ['auto', 'android', 'ios', 'IosPlatform'])
          ),
          FastlaneCore::ConfigItem.new(
            key: :build_logs,
            env_name: 'FUSEGATE_BUILD_LOGS',
            description: 'Build with Diagnostic Logs. The protected app then writes logs; not for production. Sets the override `extended_logs`. Default: false',
            type: Boolean,
            optional: true
          ),
          FastlaneCore::ConfigItem.new(
            key: :build_overrides,
            env_name: 'FUSEGATE_BUILD_OVERRIDES',
            description: 'Build overrides: a JSON object or a file that contains one',
            type: String,
            optional: true
          ),
          FastlaneCore::ConfigItem.new(
            key: :context_overrides,
            env_name: 'FUSEGATE_CONTEXT_OVERRIDES',
            description: 'Context overrides: a JSON object or a file that contains one. For settings that have no option: `icon_overlay_scale`, `icon_overlay_position`, `customize_url_value`',
            type: String,
            optional: true
          ),
          FastlaneCore::ConfigItem.new(
            key: :sign_overrides,
            env_name: 'FUSEGATE_SIGN_OVERRIDES',
            description: 'Sign overrides: a JSON object or a file that contains one. An object that contains passwords must come from a file or a variable, never from the command line',
            type: String,
            optional: true
          ),
          FastlaneCore::ConfigItem.new(
            key: :build_to_test,
            env_name: 'FUSEGATE_BUILD_TO_TEST',
            description: 'Build for the devices of this test vendor only. One of none (an ordinary build), aws-device-farm (AWS Device Farm), bitbar, browserstack, firebase (Firebase Test Lab), katalon, kobiton, lambdatest, perfecto, saucelabs (Sauce Labs), tosca (Tricentis Tosca), AUTOMATION_TRICENTIS_DEVICE_CLOUD (the same vendor, by the documented constant that no client sends), app-debug (a debugger), app-profiler (a profiler). Default: none',
            type: String,
            optional: true,
            verify_block: one_of(:build_to_test, ['none', 'aws-device-farm', 'AUTOMATION_AWS_DEVICE_FARM', 'bitbar', 'AUTOMATION_BITBAR', 'browserstack', 'AUTOMATION_BROWSERSTACK', 'firebase', 'AUTOMATION_FIREBASE', 'katalon', 'AUTOMATION_KATALON', 'kobiton', 'AUTOMATION_KOBITON', 'lambdatest', 'AUTOMATION_LAMBDATEST', 'perfecto', 'AUTOMATION_PERFECTO', 'saucelabs', 'AUTOMATION_SAUCELABS', 'tosca', 'tricentis_device_cloud', 'AUTOMATION_TOSCA', 'AUTOMATION_TRICENTIS_DEVICE_CLOUD', 'app-debug', 'AUTOMATION_APP_DEBUG', 'app-profiler', 'AUTOMATION_APP_PROFILER'])
          ),
          FastlaneCore::ConfigItem.new(
            key: :baseline_profile,
            env_name: 'FUSEGATE_BASELINE_PROFILE',
            description: 'Baseline profile, .zip: path, https URL or base64',
            type: String,
            optional: true
          ),
          FastlaneCore::ConfigItem.new(
            key: :startup_profile,
            env_name: 'FUSEGATE_STARTUP_PROFILE',
            description: 'Startup profile, .zip: path, https URL or base64',
            type: String,
            optional: true
          ),
          FastlaneCore::ConfigItem.new(
            key: :input_mapping,
            env_name: 'FUSEGATE_INPUT_MAPPING',
            description: 'Mapping file of the obfuscation that the app already has: path, https URL or base64',
            type: String,
            optional: true
          ),
          FastlaneCore::ConfigItem.new(
            key: :cert_pinning_zip,
            env_name: 'FUSEGATE_CERT_PINNING_ZIP',
            description: 'Certificates to pin, .zip with a JSON map of hosts: path, https URL or base64. One .json such as `{"api.example.com": "api.pem"}` next to the files that it names. A host whose file is missing is an error',
            type: String,
            optional: true
          ),
          FastlaneCore::ConfigItem.new(
            key: :new_bundle_id,
            env_name: 'FUSEGATE_NEW_BUNDLE_ID',
            description: 'Bundle id that the protected app gets',
            type: String,
            optional: true
          ),
          FastlaneCore::ConfigItem.new(
            key: :new_version,
            env_name: 'FUSEGATE_NEW_VERSION',
            description: 'Version name that the protected app gets',
            type: String,
            optional: true
          ),
          FastlaneCore::ConfigItem.new(
            key: :new_build_number,
            env_name: 'FUSEGATE_NEW_BUILD_NUMBER',
            description: 'Build number that the protected app gets',
            type: String,
            optional: true
          ),
          FastlaneCore::ConfigItem.new(
            key: :new_display_name,
            env_name: 'FUSEGATE_NEW_DISPLAY_NAME',
            description: 'Name that the protected app shows',
            type: String,
            optional: true
          ),
          FastlaneCore::ConfigItem.new(
            key: :app_icon,
            env_name: 'FUSEGATE_APP_ICON',
            description: 'Icon that the protected app gets: path, https URL or base64',
            type: String,
            optional: true
          ),
          FastlaneCore::ConfigItem.new(
            key: :icon_overlay,
            env_name: 'FUSEGATE_ICON_OVERLAY',
            description: 'Image to lay over the icon: path, https URL or base64. Set size and place with context_overrides: `icon_overlay_scale` from 20 to 50, `icon_overlay_position` such as `Top Right`',
            type: String,
            optional: true
          ),
          FastlaneCore::ConfigItem.new(
            key: :sign,
            env_name: 'FUSEGATE_SIGN',
            description: 'How the protected app is signed. An .aar is not signed: use none. An iOS SDK (.zip) takes on-appdome or private. With auto-dev the output is a script, <name>.sh. One of on-appdome (the service signs with your keystore), private (you sign the sealed app yourself), auto-dev (the service returns a script that signs locally), none (no signing; for .aar only). Required in mode run unless build_id only fetches a signed build',
            type: String,
            optional: true,
            verify_block: one_of(:sign, ['on-appdome', 'SIGN_ON_APPDOME', 'AUTO_SIGNING', 'On-Appdome-Sign', 'Android_SignOnAppdome', 'Android_AutoSign', 'iOS_AutoSign', 'private', 'PRIVATE_SIGNING', 'Private-Sign', 'Android_PrivateSign', 'iOS_PrivateSign', 'auto-dev', 'AUTO_DEV_SIGNING', 'Auto-Dev-Sign', 'Auto-Dev-Signing', 'Android_AutoDevSign', 'iOS_AutoDevSign', 'none'])
          ),
          FastlaneCore::ConfigItem.new(
            key: :keystore,
            env_name: 'FUSEGATE_KEYSTORE',
            description: 'Android keystore for sign on-appdome: path, https URL or base64. Required in mode run with sign on-appdome',
            type: String,
            optional: true
          ),
          FastlaneCore::ConfigItem.new(
            key: :keystore_password,
            env_name: 'FUSEGATE_KEYSTORE_PASSWORD',
            description: 'Password of the keystore. Required in mode run with sign on-appdome',
            type: String,
            optional: true,
            sensitive: true
          ),
          FastlaneCore::ConfigItem.new(
            key: :keystore_alias,
            env_name: 'FUSEGATE_KEYSTORE_ALIAS',
            description: 'Alias of the signing key in the keystore. Required in mode run with sign on-appdome',
            type: String,
            optional: true
          ),
          FastlaneCore::ConfigItem.new(
            key: :key_password,
            env_name: 'FUSEGATE_KEY_PASSWORD',
            description: 'Password of the signing key. Default: keystore_password',
            type: String,
            optional: true,
            sensitive: true
          ),
          FastlaneCore::ConfigItem.new(
            key: :p12,
            env_name: 'FUSEGATE_P12',
            description: 'iOS signing identity, .p12: path, https URL or base64. Required in mode run with sign on-appdome',
            type: String,
            optional: true
          ),
          FastlaneCore::ConfigItem.new(
            key: :p12_password,
            env_name: 'FUSEGATE_P12_PASSWORD',
            description: 'Password of the .p12. Required in mode run with sign on-appdome',
            type: String,
            optional: true,
            sensitive: true
          ),
          FastlaneCore::ConfigItem.new(
            key: :provisioning_profiles,
            env_name: 'FUSEGATE_PROVISIONING_PROFILES',
            description: 'iOS provisioning profiles, of the app and each extension: paths, https URLs or base64. An array, or several separated by commas. Required in mode run for an .ipa',
            type: Array,
            optional: true
          ),
          FastlaneCore::ConfigItem.new(
            key: :entitlements,
            env_name: 'FUSEGATE_ENTITLEMENTS',
            description: 'iOS entitlements, matched by hand instead of by the profiles: paths, https URLs or base64. An array, or several separated by commas',
            type: Array,
            optional: true
          ),
          FastlaneCore::ConfigItem.new(
            key: :signing_fingerprint,
            env_name: 'FUSEGATE_SIGNING_FINGERPRINT',
            description: 'SHA-1 or SHA-256 fingerprint of the certificate that the app is signed with. With google_play_signing: of the certificate that Google Play signs with. Required in mode run with sign private or auto-dev and with google_play_signing, unless signing_fingerprint_list is given',
            type: String,
            optional: true
          ),
          FastlaneCore::ConfigItem.new(
            key: :signing_fingerprint_upgrade,
            env_name: 'FUSEGATE_SIGNING_FINGERPRINT_UPGRADE',
            description: 'Second fingerprint, if the key was upgraded at Google Play',
            type: String,
            optional: true
          ),
          FastlaneCore::ConfigItem.new(
            key: :google_play_signing,
            env_name: 'FUSEGATE_GOOGLE_PLAY_SIGNING',
            description: 'The app is distributed through Google Play App Signing. Default: false',
            type: Boolean,
            optional: true
          ),
          FastlaneCore::ConfigItem.new(
            key: :signing_fingerprint_list,
            env_name: 'FUSEGATE_SIGNING_FINGERPRINT_LIST',
            description: 'Trusted signing fingerprints instead of one: a JSON list, or a file that contains one. Entries are `{"SHA": "…", "TrustedStoreSigning": false}`; the second key is optional. Cannot be combined with signing_fingerprint or google_play_signing. A path, an https URL or the content in base64',
            type: String,
            optional: true
          ),
          FastlaneCore::ConfigItem.new(
            key: :required_features,
            env_name: 'FUSEGATE_REQUIRED_FEATURES',
            description: 'Protections that the certificate must prove. Display names, internal keys or Threat-Event names; `fusegate features` finds them. `key: NAME` is matched verbatim. An array, or several separated by commas. Required in mode run and gate with gate enforce, unless a policy is given',
            type: Array,
            optional: true
          ),
          FastlaneCore::ConfigItem.new(
            key: :policy,
            env_name: 'FUSEGATE_POLICY',
            description: 'Policy file, YAML. What your team requires, in a file in the repository (docs/policy.md). required_features adds to it. `fusegate policy check FILE` checks it without a run',
            type: String,
            optional: true
          ),
          FastlaneCore::ConfigItem.new(
            key: :policy_sha256,
            env_name: 'FUSEGATE_POLICY_SHA256',
            description: 'Digest that the resolved policy must have. SHA-256 of the resolved policy, including what it extends and what required_features adds: `policy.sha256` in a result, also printed by `fusegate policy check`. A pipeline that pins it stops when the policy changes',
            type: String,
            optional: true
          ),
          FastlaneCore::ConfigItem.new(
            key: :gate,
            env_name: 'FUSEGATE_GATE',
            description: 'What a verdict does to the job. A policy can pin it (`gate: enforce`); then nothing can weaken it. Every output names who set a value other than enforce. One of enforce (only a proven pass is green), warn (judge and report, but end green on exits 6 and 8), disabled (do not judge; never a pass). Default: enforce',
            type: String,
            optional: true,
            verify_block: one_of(:gate, ['enforce', 'warn', 'disabled', 'false', 'off'])
          ),
          FastlaneCore::ConfigItem.new(
            key: :certificate,
            env_name: 'FUSEGATE_CERTIFICATE',
            description: 'Certificates to judge, .pdf and .json; files or globs. A glob ignores the case of the extension. It skips names that start with a dot, and the log says how many files. An array, or several separated by commas. Only in mode gate. Required in mode gate unless build_id is given',
            type: Array,
            optional: true
          ),
          FastlaneCore::ConfigItem.new(
            key: :result,
            env_name: 'FUSEGATE_RESULT',
            description: 'Result of the run that made the app: fusegate-result.json. In mode validate: Result of the run that made the app; it is bound to the signed file. Only in mode validate and verify. Required in mode validate unless build_id is given; in mode verify',
            type: String,
            optional: true
          ),
          FastlaneCore::ConfigItem.new(
            key: :max_age,
            env_name: 'FUSEGATE_MAX_AGE',
            description: 'How old the result may be. Only in mode verify. Default: any age',
            type: String,
            optional: true
          ),
          FastlaneCore::ConfigItem.new(
            key: :rehearsal,
            env_name: 'FUSEGATE_REHEARSAL',
            description: 'Rehearse the deploy job: accept the result of a rehearsal, and no other. A rehearsal is a run against the embedded build service. Every output says that the app may not be released. A result of the service itself is refused, so a deploy job cannot keep this option by mistake. Only in mode verify. Default: false',
            type: Boolean,
            optional: true
          ),
          FastlaneCore::ConfigItem.new(
            key: :baseline,
            env_name: 'FUSEGATE_BASELINE',
            description: 'Earlier certificate or result to compare with. A .pdf or .json certificate, or a fusegate-result.json. Protections that are gone or weaker and listeners that are newly missing fail. Also reported: what else is new or changed',
            type: String,
            optional: true
          ),
          FastlaneCore::ConfigItem.new(
            key: :evidence,
            env_name: 'FUSEGATE_EVIDENCE',
            description: 'Which certificate documents can prove a protection. In mode verify: Which evidence the result may rest on. With pdf, the JSON adds identity and may object, but proves nothing: no real document has confirmed its shape. In mode verify, pdf and both refuse a result that was judged on the JSON alone. One of any (the PDF if it can be read, otherwise a recognised JSON), pdf (the PDF must be readable), json (the JSON must have a recognised shape), both (both, and they must agree). Default: pdf',
            type: String,
            optional: true,
            verify_block: one_of(:evidence, ['any', 'pdf', 'json', 'both'])
          ),
          FastlaneCore::ConfigItem.new(
            key: :listeners,
            env_name: 'FUSEGATE_LISTENERS',
            description: 'Whether the app must listen for Threat-Events. Looks into the app, before it is uploaded, for listeners of the Threat-Events that the required protections send: In-App Detection does not enforce, so the app must act. `threat-event-listeners` in a policy makes it a rule. `fusegate listeners` checks a source tree. One of off (do not look), warn (look, and warn), fail (stop before the upload unless each one is registered). Default: warn, if a required protection may only detect',
            type: String,
            optional: true,
            verify_block: one_of(:listeners, ['off', 'warn', 'fail'])
          ),
          FastlaneCore::ConfigItem.new(
            key: :detail,
            env_name: 'FUSEGATE_DETAIL',
            description: 'How much of the certificate the reports show. One of full (name every protection), counts (numbers only, for public logs). Default: full',
            type: String,
            optional: true,
            verify_block: one_of(:detail, ['full', 'counts'])
          ),
          FastlaneCore::ConfigItem.new(
            key: :output_dir,
            env_name: 'FUSEGATE_OUTPUT_DIR',
            description: 'Folder for the protected app, the certificates and the reports. In mode validate: Folder for the result. A run replaces what an earlier one left there. A run that does not start (wrong inputs, dry_run) moves it to `previous/`',
            type: String,
            optional: true,
            default_value: 'fusegate-output/fastlane'
          ),
          FastlaneCore::ConfigItem.new(
            key: :output_name,
            env_name: 'FUSEGATE_OUTPUT_NAME',
            description: 'File name of the protected app, without extension. Default: the name of the app',
            type: String,
            optional: true
          ),
          FastlaneCore::ConfigItem.new(
            key: :second_output,
            env_name: 'FUSEGATE_SECOND_OUTPUT',
            description: 'Also fetch the universal .apk of an .aab. Default: false',
            type: Boolean,
            optional: true
          ),
          FastlaneCore::ConfigItem.new(
            key: :deobfuscation_map,
            env_name: 'FUSEGATE_DEOBFUSCATION_MAP',
            description: 'Fetch the mapping files that make stack traces readable. Default: true',
            type: Boolean,
            optional: true
          ),
          FastlaneCore::ConfigItem.new(
            key: :reports,
            env_name: 'FUSEGATE_REPORTS',
            description: 'Reports to write next to fusegate-result.json. Any of junit (fusegate-junit.xml), markdown (fusegate-summary.md), html (fusegate-report.html), sarif (fusegate.sarif), statement (fusegate-statement.json and fusegate-predicate.json (in-toto)). An array, or several separated by commas. Default: junit, markdown, html, sarif',
            type: Array,
            optional: true,
            verify_block: one_of(:reports, ['junit', 'markdown', 'html', 'sarif', 'statement'])
          ),
          FastlaneCore::ConfigItem.new(
            key: :datadog_api_key,
            env_name: 'FUSEGATE_DATADOG_API_KEY',
            description: 'Upload the mapping files to Datadog with this key. Only after a green run whose build has mapping files. A failed upload is a warning in the result and does not change the verdict',
            type: String,
            optional: true,
            sensitive: true
          ),
          FastlaneCore::ConfigItem.new(
            key: :datadog_site,
            env_name: 'FUSEGATE_DATADOG_SITE',
            description: 'Datadog site of your account. Default: datadoghq.com',
            type: String,
            optional: true
          ),
          FastlaneCore::ConfigItem.new(
            key: :firebase_app_id,
            env_name: 'FUSEGATE_FIREBASE_APP_ID',
            description: 'Upload the mapping files to Crashlytics for this Firebase app. Uses the `firebase` command on PATH, which is never downloaded. It takes Google credentials from the environment',
            type: String,
            optional: true
          ),
          FastlaneCore::ConfigItem.new(
            key: :timeout,
            env_name: 'FUSEGATE_TIMEOUT',
            description: 'Deadline for the whole run. Below the usual 60-minute job limit, so that Fusegate exits with the build id before the job is killed. Default: 55m',
            type: String,
            optional: true
          ),
          FastlaneCore::ConfigItem.new(
            key: :connect_timeout,
            env_name: 'FUSEGATE_CONNECT_TIMEOUT',
            description: 'Deadline for opening a connection. Default: 15s',
            type: String,
            optional: true
          ),
          FastlaneCore::ConfigItem.new(
            key: :stall_timeout,
            env_name: 'FUSEGATE_STALL_TIMEOUT',
            description: 'Longest silence of a connection, in either direction. Default: 60s',
            type: String,
            optional: true
          ),
          FastlaneCore::ConfigItem.new(
            key: :upload_timeout,
            env_name: 'FUSEGATE_UPLOAD_TIMEOUT',
            description: 'Deadline for the upload of the app. Default: 20m',
            type: String,
            optional: true
          ),
          FastlaneCore::ConfigItem.new(
            key: :analysis_timeout,
            env_name: 'FUSEGATE_ANALYSIS_TIMEOUT',
            description: 'Deadline for the service\'s analysis of the uploaded app. Default: 10m',
            type: String,
            optional: true
          ),
          FastlaneCore::ConfigItem.new(
            key: :build_timeout,
            env_name: 'FUSEGATE_BUILD_TIMEOUT',
            description: 'Deadline for the build. Default: 40m',
            type: String,
            optional: true
          ),
          FastlaneCore::ConfigItem.new(
            key: :sign_timeout,
            env_name: 'FUSEGATE_SIGN_TIMEOUT',
            description: 'Deadline for the signing. Default: 15m',
            type: String,
            optional: true
          ),
          FastlaneCore::ConfigItem.new(
            key: :download_timeout,
            env_name: 'FUSEGATE_DOWNLOAD_TIMEOUT',
            description: 'Deadline for each download. Default: 15m',
            type: String,
            optional: true
          ),
          FastlaneCore::ConfigItem.new(
            key: :retries,
            env_name: 'FUSEGATE_RETRIES',
            description: 'How often a request is retried at most. Default: as often as the deadline of the step allows',
            type: Integer,
            optional: true
          ),
          FastlaneCore::ConfigItem.new(
            key: :poll_min,
            env_name: 'FUSEGATE_POLL_MIN',
            description: 'Shortest pause between two status requests. At 500ms or less, Fusegate may ask every 50ms (more often only if this is shorter) around the expected end of a step that earlier runs have timed. Default: 500ms',
            type: String,
            optional: true
          ),
          FastlaneCore::ConfigItem.new(
            key: :poll_max,
            env_name: 'FUSEGATE_POLL_MAX',
            description: 'Longest pause between two status requests. Before the expected end of a step that earlier runs have timed, pauses may be longer: up to 5 % of that time. Default: 9s',
            type: String,
            optional: true
          ),
          FastlaneCore::ConfigItem.new(
            key: :durations,
            env_name: 'FUSEGATE_DURATIONS',
            description: 'File that keeps how long the service took, for the next runs. Without it, Fusegate knows only what earlier runs left in the output folder. Status requests then come close to the end of each step. Cache the file between jobs',
            type: String,
            optional: true
          ),
          FastlaneCore::ConfigItem.new(
            key: :trace,
            env_name: 'FUSEGATE_TRACE',
            description: 'File for a trace of the run: stages, requests, polls, reads and pauses. Written at the end of the run, a red one too; only the trace of an earlier run is replaced. Perfetto (ui.perfetto.dev) and chrome://tracing show it',
            type: String,
            optional: true
          ),
          FastlaneCore::ConfigItem.new(
            key: :resume,
            env_name: 'FUSEGATE_RESUME',
            description: 'What to do with a build that an earlier attempt of this job left. One of auto (continue the build of a killed attempt of this job), never (stop if an earlier attempt left a build), new (start a new build even if an earlier attempt left one). Default: auto',
            type: String,
            optional: true,
            verify_block: one_of(:resume, ['auto', 'never', 'new'])
          ),
          FastlaneCore::ConfigItem.new(
            key: :reuse_upload,
            env_name: 'FUSEGATE_REUSE_UPLOAD',
            description: 'Check whether the service already has this app. Costs one extra read of the file. An app of 64 MiB or more is sent meanwhile; if the service has it, sending ends. Default: true',
            type: Boolean,
            optional: true
          ),
          FastlaneCore::ConfigItem.new(
            key: :proxy,
            env_name: 'FUSEGATE_PROXY',
            description: 'Proxy for every request. Default: HTTPS_PROXY, NO_PROXY',
            type: String,
            optional: true
          ),
          FastlaneCore::ConfigItem.new(
            key: :ca_file,
            env_name: 'FUSEGATE_CA_FILE',
            description: 'Certificates to trust in addition to the usual ones, PEM',
            type: String,
            optional: true
          ),
          FastlaneCore::ConfigItem.new(
            key: :dry_run,
            env_name: 'FUSEGATE_DRY_RUN',
            description: 'Check inputs, credentials and network; start nothing. Uploads nothing, starts no build, and prints the hosts that a firewall must allow. The verdict is not-evaluated. Default: false',
            type: Boolean,
            optional: true
          ),
          FastlaneCore::ConfigItem.new(
            key: :verbose,
            env_name: 'FUSEGATE_VERBOSE',
            description: 'Log more: requests, service messages, stack traces. Default: false',
            type: Boolean,
            optional: true
          ),
          FastlaneCore::ConfigItem.new(
            key: :fleet,
            env_name: 'FUSEGATE_FLEET',
            description: 'Fleet file that has the options of many apps. A YAML file with the apps and what each is run with; this run is for the one that fleet_app names. An option given to the run itself wins over the file, and the file over variables',
            type: String,
            optional: true
          ),
          FastlaneCore::ConfigItem.new(
            key: :fleet_app,
            env_name: 'FUSEGATE_FLEET_APP',
            description: 'Which app of the fleet file to run. The name of its entry. The command plan adds @ and the digest of the plan, and a run with another fleet file is refused. Required in mode run with fleet',
            type: String,
            optional: true
          )
        ]
      end

      def self.description
        'Protects an app with Appdome, and fails unless its certificate proves the protections that you require'
      end

      def self.details
        'Uploads a finished app, applies a Fusion Set, signs, downloads the protected app, and reads the Certified Secure ' \
          'certificate. Needs Node 20.20 or newer.'
      end

      def self.output
        OUTPUTS
      end

      def self.return_value
        'The path of the protected app'
      end

      def self.return_type
        :string
      end

      def self.authors
        ['Fusegate']
      end

      def self.example_code
        [
          "fusegate(sign: 'on-appdome', keystore: 'release.jks', keystore_alias: 'release', required_features: ['Root Detection'])",
          "fusegate(mode: 'gate', certificate: ['certificate.pdf'], policy: 'security/appdome-policy.yml')"
        ]
      end

      def self.category
        :misc
      end

      def self.is_supported?(platform)
        [:android, :ios].include?(platform)
      end
    end
  end
end
