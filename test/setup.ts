// The template validator costs seconds at every synth; one strict synth of every example runs in `.ci/run`.
process.env.CDK_VALIDATION = 'false';
